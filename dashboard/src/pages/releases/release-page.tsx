import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReleaseDetail } from '../../../../src/http/contract/changes.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import { useNow } from '../../time/use-now.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { Section } from '../../ui/section.js';
import { TextSkeleton } from '../../ui/skeletons.js';
import { VerdictGlyph } from '../../ui/verdict-glyph.js';
import { Commits } from './commits.js';
import { DeployHistory } from './deploy-history.js';
import { ReleaseChart } from './release-chart.js';
import { Source } from './release-line.js';
import { ReleaseComparison } from './release-comparison.js';
import { ReleaseLinks } from './release-links.js';
import { ReleaseState } from './release-state.js';
import './releases.css';
import { outSince, whatItDid } from './sentences.js';
import { SuspectedOf } from './suspected-of.js';
import { VerdictReasons } from './verdict-reasons.js';

const route = getRouteApi('/app/releases/$id');

export function ReleasePage() {
  const { id } = route.useParams();
  const release = useApi<ReleaseDetail>(`/api/releases/${encodeURIComponent(id)}`, {}, { fresh: true });
  if (release.data) return <ReleaseView release={release.data} />;
  if (!release.error)
    return (
      <>
        <PageTitle tab="Release" answer={null}>
          What did this release do?
        </PageTitle>
        <TextSkeleton lines={8} />
      </>
    );
  if (release.error instanceof ApiError && release.error.status === 404)
    return (
      <Empty title="There is no such release.">
        <Link to="/releases">All releases</Link>
      </Empty>
    );
  return (
    <ErrorBox
      what="The release could not be loaded."
      error={release.error}
      retry={() => void release.refetch()}
    />
  );
}

function ReleaseView({ release }: { release: ReleaseDetail }) {
  const commits = release.commitCount ?? release.commits.length;
  return (
    <>
      <PageTitle
        tab={`${release.service} ${release.version}`}
        crumb={
          <>
            <Link to="/releases">Releases</Link> /{' '}
            <Link to="/releases" search={{ service: release.service }}>
              {release.service}
            </Link>
          </>
        }
        answer={whatItDid(release, useNow())}
        lead={<Facts release={release} />}
      >
        {`What did ${release.service} ${release.version} do?`}
      </PageTitle>
      <div className="release">
        <div className="release-main">
          <VerdictReasons release={release} />
          <SuspectedOf release={release} />
          <ReleaseComparison release={release} />
          <Section title="The service around it">
            <ReleaseChart release={release} />
          </Section>
          <Section title="Commits" note={commits === 0 ? undefined : commits}>
            <Commits release={release} />
          </Section>
          <Section title="Deploys" note={release.deployHistory.length === 0 ? undefined : release.deploys}>
            <DeployHistory release={release} />
          </Section>
        </div>
        <aside className="release-side" aria-label="What to look at">
          <ReleaseLinks release={release} />
        </aside>
      </div>
    </>
  );
}

function Facts({ release }: { release: ReleaseDetail }) {
  return (
    <span className="release-facts">
      <ReleaseState release={release} />
      {release.verdict?.state === 'baking' ? <VerdictGlyph verdict={release.verdict} /> : null}
      <span>
        <Ago at={outSince(release)} prefix={release.deployedAt === null ? 'first seen ' : 'deployed '} />
        {release.actor === '' ? '' : ` by ${release.actor}`}
      </span>
      <span>
        told by <Source source={release.source} />
      </span>
      {release.previousVersion === null ? null : (
        <span>
          after <span className="mono">{release.previousVersion}</span>
        </span>
      )}
      {release.url === '' ? null : <OutLink url={release.url}>pipeline run</OutLink>}
    </span>
  );
}

/** Only the web: a stored address is what somebody sent. */
function OutLink({ url, children }: { url: string; children: string }) {
  if (!/^https?:\/\//.test(url)) return null;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
