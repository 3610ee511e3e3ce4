import { Link } from '@tanstack/react-router';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { ServiceName } from '../../ui/service-name.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { VerdictGlyph } from '../../ui/verdict-glyph.js';
import { Version } from '../../ui/version.js';
import { useReleases } from './use-releases.js';

const shown = 6;

export function LatestReleases() {
  const { data, error, refetch } = useReleases();
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
              {data.items.slice(0, shown).map((release) => (
                <li key={release.id}>
                  <ServiceName service={release.service} environment={release.environment} />
                  <Version version={release.version} releaseId={release.id} />
                  <VerdictGlyph verdict={release.verdict} />
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
