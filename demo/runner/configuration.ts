import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface DemoPlaces {
  readonly directory: string;
  readonly chatUrl: string;
  readonly issuesUrl: string;
  readonly repository: string;
  readonly token: string;
  readonly shopUrl: string;
}

/** An order in six fails with the bug; this is half of that and far above none. */
const above = '8%';

/**
 * The configuration of the demo's Lemni: what a user would write, with times in seconds where a team would have
 * minutes, since nobody watches a demo for half an hour. Gives the file.
 */
export function writeConfiguration(places: DemoPlaces): string {
  const { directory, chatUrl, issuesUrl, repository, token, shopUrl } = places;
  // The chat and the tracker of the demo are on this machine.
  const allowPrivateNetworks = ['127.0.0.0/8'];
  const rules = join(directory, 'rules.yaml');
  const failing = { kind: 'errors', above, window: '20s', minRequests: 20, for: '3s', severity: 'critical' };
  writeFileSync(
    rules,
    stringify({
      groups: [
        {
          name: 'shop',
          rules: [
            {
              alert: 'HighErrorRatio',
              ...failing,
              service: '*',
              annotations: {
                summary: '{{ $value | humanizePercentage }} of requests to {{ $labels.service }} fail',
              },
            },
            {
              alert: 'OrdersFail',
              ...failing,
              service: 'shop',
              operation: 'POST /api/orders',
              annotations: { summary: '{{ $value | humanizePercentage }} of orders fail' },
            },
          ],
        },
      ],
    }),
  );
  const file = join(directory, 'lemni.yaml');
  writeFileSync(
    file,
    stringify({
      log: { level: 'warn' },
      ingest: { allowedOrigins: [shopUrl] },
      alerts: {
        rules: [rules],
        interval: '1s',
        allowPrivateNetworks,
        slack: [{ name: 'team-chat', url: chatUrl }],
      },
      releases: { bakeTime: '20s', minRequests: 50, grace: '10s' },
      trackers: {
        github: { repository, token, apiUrl: issuesUrl, labels: ['production'] },
        allowPrivateNetworks,
      },
    }),
  );
  return file;
}
