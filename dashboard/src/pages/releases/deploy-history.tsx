import type { Change, ReleaseDetail } from '../../../../src/http/contract/changes.js';
import { duration, join } from '../../time/format.js';
import { Ago } from '../../ui/ago.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';

const glyphs: Readonly<Record<string, GlyphState>> = {
  succeeded: 'healthy',
  failed: 'critical',
  started: 'information',
  canceled: 'inactive',
};
const verbs: Readonly<Record<string, string>> = {
  'service.deployed': 'deployed',
  'service.upgraded': 'upgraded',
  'service.rolledback': 'rolled back to',
};

/** Each time it was put out, newest first. */
export function DeployHistory({ release }: { release: ReleaseDetail }) {
  if (release.deployHistory.length === 0)
    return (
      <p className="muted">
        Nobody told of its deploy: the version was first seen in telemetry <Ago at={release.firstSeenAt} />.
      </p>
    );
  return (
    <ul className="commit-list card">
      {release.deployHistory.map((deploy) => (
        <li key={deploy.id}>
          <StateGlyph state={glyphs[deploy.status] ?? 'inactive'} word={deploy.status} />
          <span className="commit-title">
            {verbs[deploy.type] ?? deploy.type}
            {took(deploy)}
          </span>
          <span className="muted small commit-end">
            <span>{deploy.source}</span>
            {deploy.actor === '' ? null : <span className="clip">{deploy.actor}</span>}
            <Ago at={deploy.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function took({ startedAt, finishedAt }: Change): string {
  if (startedAt === null || finishedAt === null) return '';
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms > 0 ? ` in ${join(duration(ms))}` : '';
}
