import { IconActivity, IconRocket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Release } from '../../../../src/http/contract/changes.js';
import { Ago } from '../../ui/ago.js';
import { ServiceName } from '../../ui/service-name.js';
import { VerdictGlyph } from '../../ui/verdict-glyph.js';
import { Version } from '../../ui/version.js';
import { ReleaseState } from './release-state.js';
import { outSince } from './sentences.js';

interface ReleaseLineProps {
  release: Release;
  /** The row that `j` and `k` stand on. */
  current: boolean;
}

export function ReleaseLine({ release, current }: ReleaseLineProps) {
  const commits = release.commitCount ?? release.commits.length;
  return (
    <tr data-current={current}>
      <td data-column="version">
        <Version version={release.version} releaseId={release.id} />
      </td>
      <td data-column="service" className="grow">
        <Link to="/releases" search={{ service: release.service }} className="releases-service">
          <ServiceName service={release.service} environment={release.environment} />
        </Link>
      </td>
      <td data-column="source">
        <Source source={release.source} />
      </td>
      <td data-column="state">
        <ReleaseState release={release} />
      </td>
      <td data-column="verdict">
        <VerdictGlyph verdict={release.verdict} />
      </td>
      <td data-column="commits" className="right num">
        {commits === 0 ? <span className="muted">–</span> : commits}
      </td>
      <td data-column="actor">
        <span className="releases-actor clip">{release.actor}</span>
      </td>
      <td data-column="since" className="right">
        <Ago at={outSince(release)} />
      </td>
    </tr>
  );
}

/** Whether a deploy said so, or telemetry showed it. */
export function Source({ source }: { source: Release['source'] }) {
  const Glyph = source === 'change' ? IconRocket : IconActivity;
  return (
    <span className="releases-source">
      <Glyph size={14} stroke={1.6} aria-hidden />
      {source === 'change' ? 'a deploy' : 'telemetry'}
    </span>
  );
}
