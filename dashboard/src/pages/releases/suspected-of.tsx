import { Link } from '@tanstack/react-router';
import type { ReleaseDetail } from '../../../../src/http/contract/changes.js';
import { join, percent } from '../../time/format.js';
import { Ago } from '../../ui/ago.js';
import { Section } from '../../ui/section.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';

const glyphs: Readonly<Record<string, GlyphState>> = {
  open: 'critical',
  acknowledged: 'acknowledged',
  resolved: 'healthy',
};

/** Incidents that it may have caused, the most probable first. */
export function SuspectedOf({ release }: { release: ReleaseDetail }) {
  const incidents = release.suspectedOf ?? [];
  if (incidents.length === 0) return null;
  return (
    <Section title="Incidents it is suspected of" note={incidents.length}>
      <ul className="commit-list card">
        {incidents.map((incident) => (
          <li key={incident.incidentId}>
            <StateGlyph state={glyphs[incident.state] ?? 'inactive'} word={incident.state} />
            <Link
              to="/incidents/$id"
              params={{ id: incident.incidentId }}
              className="commit-title clip"
              title={incident.title}
            >
              #{incident.number} {incident.title}
            </Link>
            <span className="muted small commit-end">
              <span className="num">{join(percent(incident.probability))} probable</span>
              <Ago at={incident.openedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
