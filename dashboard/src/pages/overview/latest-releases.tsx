import { Link } from '@tanstack/react-router';
import type { Release } from '../../../../src/http/contract/changes.js';
import type { List } from '../../../../src/http/contract/common.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { ServiceName } from '../../ui/service-name.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { Version } from '../../ui/version.js';

export function LatestReleases() {
  const { data, error, refetch } = useApi<List<Release>>('/api/releases', { from: 'now-30d', limit: 6 });
  return (
    <Section title="Last releases" more={<Link to="/releases">All releases</Link>}>
      {error && !data ? (
        <ErrorBox what="The releases could not be loaded." error={error} retry={() => void refetch()} />
      ) : (
        <div className="card">
          {!data ? (
            <TableSkeleton rows={4} />
          ) : data.items.length === 0 ? (
            <Empty title="Nothing was released in the last 30 days.">
              <Link to="/settings/$tab" params={{ tab: 'connect' }} hash="deploys">
                Tell Lemni of a deploy
              </Link>{' '}
              with one line at the end of your pipeline, or give your services a <code>service.version</code>.
            </Empty>
          ) : (
            <ul className="short-list">
              {data.items.map((release) => (
                <li key={release.id}>
                  <ServiceName service={release.service} environment={release.environment} />
                  <Version version={release.version} releaseId={release.id} />
                  <span className="muted small short-list-end">
                    {release.actor === '' ? null : <span className="clip">{release.actor}</span>}
                    <Ago at={release.deployedAt ?? release.firstSeenAt} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Section>
  );
}
