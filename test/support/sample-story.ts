import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import type { List } from '../../src/http/contract/common.js';
import type { Feedback } from '../../src/http/contract/feedback.js';
import type { Incident } from '../../src/http/contract/incidents.js';
import type { ErrorGroup, ProblemItem } from '../../src/http/contract/problems.js';
import { eventually } from './eventually.js';
import { logsRequest, newTraceId, post, tracesRequest } from './otlp-json.js';
import { sendSampleShop } from './sample-shop.js';

/** The REST API as somebody who is logged in. */
export interface Api {
  get<T>(path: string): Promise<T>;
  send<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** The rules of the story fire at once, and a release is judged after twenty minutes, or when it is clearly harmful. */
export function storyConfig(webhookUrl?: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'lemni-story-'));
  const rules = `groups:
  - name: requests
    rules:
      - alert: HighErrorRatio
        kind: errors
        above: 5%
        minRequests: 20
        severity: critical
        annotations:
          summary: '{{ $value | humanizePercentage }} of requests to {{ $labels.service }} fail'
  - name: people
    rules:
      - alert: Complaints
        kind: feedback
        ratings: bad
        above: 5
        severity: warning
        annotations:
          summary: '{{ $value }} people rate {{ $labels.service }} badly, in 15 minutes'
`;
  mkdirSync(join(directory, 'rules'));
  writeFileSync(join(directory, 'rules/story.yaml'), rules);
  const webhooks = webhookUrl === undefined ? '[]' : `[{ name: chat, url: '${webhookUrl}' }]`;
  const config = `alerts:
  rules: ['${join(directory, 'rules/*.yaml')}']
  interval: 1s
  webhooks: ${webhooks}
  allowPrivateNetworks: [127.0.0.0/8]
releases:
  bakeTime: 20m
`;
  const file = join(directory, 'lemni.yaml');
  writeFileSync(file, config);
  return file;
}

/** The API with the cookie of a browser's window. */
export async function apiOf(context: BrowserContext, url: string): Promise<Api> {
  const me = (await (await context.request.get(`${url}/api/me`)).json()) as { csrfToken: string };
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await context.request.fetch(url + path, {
      method,
      headers: { 'x-csrf-token': me.csrfToken, origin: url },
      ...(body === undefined ? {} : { data: body }),
    });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return (answer.status() === 204 ? undefined : await answer.json()) as T;
  };
  return { get: (path) => call('GET', path), send: call };
}

export interface Story {
  readonly incident: Incident;
  /** Of the incident, open. */
  readonly problem: ProblemItem;
  /** Of an error, with a release that means to fix it. */
  readonly fixed: ProblemItem;
  readonly feedbackGroupId: string;
  /** Of checkout 1.4.0. */
  readonly releaseId: string;
}

/** The loop in the sample shop: a bad release, its incident, what people say, what is planned, and a fix. */
export async function tellStory(url: string, api: Api): Promise<Story> {
  await sendSampleShop({ url, now: Date.now() });
  await sendTimeouts(url);
  const { incidents } = await eventually(
    async () => ({ incidents: await api.get<List<Incident>>('/api/incidents?state=active&from=now-1d') }),
    ({ incidents: { items } }) => items.length > 0,
    60_000,
  );
  const incident = incidents.items[0];
  if (!incident) throw new Error('No incident opened.');
  const problem = await open(api, { kind: 'incident', incidentId: incident.id });
  const feedbackGroupId = await groupFeedback(api);
  await open(api, { kind: 'feedback_group', groupId: feedbackGroupId });
  const fixed = await planAndFix(url, api);
  const releases = await api.get<List<{ id: string; service: string; version: string }>>('/api/releases');
  const release = releases.items.find(
    ({ service, version }) => service === 'checkout' && version === '1.4.0',
  );
  return { incident, problem, fixed, feedbackGroupId, releaseId: release?.id ?? '' };
}

function open(api: Api, from: unknown): Promise<ProblemItem> {
  return api.send<ProblemItem>('POST', '/api/problems', { from });
}

/** Another error, of a service that nobody watches: for the list of errors, and to be fixed. */
async function sendTimeouts(url: string): Promise<void> {
  const now = Date.now();
  for (let i = 0; i < 12; i++) {
    const at = now - (40 - i * 2) * 60_000;
    const resource = { service: 'shipping', version: '0.9.4', environment: 'production' };
    const traceId = newTraceId();
    const span = { name: 'POST /parcels', traceId, at, durationMs: 2100, failed: true };
    await send(`${url}/v1/traces`, tracesRequest(resource, [span]));
    await send(
      `${url}/v1/logs`,
      logsRequest(resource, [
        {
          body: `the carrier did not answer within 2000 ms for parcel ${700 + i}`,
          severity: 17,
          at,
          traceId,
          attributes: {
            'exception.type': 'TimeoutError',
            'exception.message': 'the carrier did not answer within 2000 ms',
            'exception.stacktrace':
              'TimeoutError: the carrier did not answer\n    at label (/app/src/label.js:12:9)',
            'user.id': `u${i}`,
          },
        },
      ]),
    );
  }
}

async function groupFeedback(api: Api): Promise<string> {
  const { items } = await eventually(
    () => api.get<List<Feedback>>('/api/feedback'),
    ({ items: all }) => all.length >= 5,
  );
  const feedbackIds = items.filter(({ rating }) => rating !== null && rating <= 2).map(({ id }) => id);
  const title = 'Payment fails';
  const group = await api.send<{ id: string }>('POST', '/api/feedback/groups', { title, feedbackIds });
  return group.id;
}

async function planAndFix(url: string, api: Api): Promise<ProblemItem> {
  const { items } = await eventually(
    () => api.get<List<ErrorGroup>>('/api/errors'),
    ({ items: groups }) => groups.some(({ service }) => service === 'shipping'),
  );
  const group = items.find(({ service }) => service === 'shipping');
  if (!group) throw new Error('The timeouts are no error group.');
  const { service, fingerprint } = group;
  const problem = await open(api, { kind: 'error_group', service, fingerprint });
  const resource = { service, version: '0.9.5', environment: 'production' };
  const at = new Date().toISOString();
  await send(`${url}/api/deploys`, {
    ...resource,
    status: 'succeeded',
    actor: 'grace',
    finishedAt: at,
    fixes: [`P-${problem.number}`],
    commits: [{ sha: 'c0ffee5', message: 'Ask the carrier again', author: 'grace' }],
  });
  const span = { name: 'POST /parcels', at: Date.now(), durationMs: 80 };
  await send(`${url}/v1/traces`, tracesRequest(resource, [span]));
  return eventually(
    () => api.get<ProblemItem>(`/api/problems/${problem.id}`),
    ({ state }) => state === 'fixed',
    30_000,
  );
}

async function send(url: string, body: unknown): Promise<void> {
  const answer = await post(url, body);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}
