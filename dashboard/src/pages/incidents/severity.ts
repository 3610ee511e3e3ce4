import type { Incident } from '../../../../src/http/contract/incidents.js';
import type { GlyphState } from '../../ui/state-glyph.js';

/** The glyph of an incident: how bad it is while it is open, that it is over when it is. */
export function incidentGlyph({ state, severity }: Pick<Incident, 'state' | 'severity'>): GlyphState {
  if (state === 'resolved') return 'healthy';
  return severity === 'info' ? 'information' : severity;
}

const words = { open: 'open', acknowledged: 'acknowledged', resolved: 'resolved' } as const;

export function incidentWord({ state, severity }: Pick<Incident, 'state' | 'severity'>): string {
  return state === 'resolved' ? words.resolved : `${severity}, ${words[state]}`;
}
