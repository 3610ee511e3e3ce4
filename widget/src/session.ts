import { randomHex } from './random.js';
import type { Shelf } from './storage.js';

/** Longer than any session lasts (OpenTelemetry's default is 4 h): what is older was left behind. */
const maxAgeMs = 24 * 3_600_000;

/**
 * The id of the session: OpenTelemetry's, when the page keeps one, so that feedback meets the page's own logs
 * and spans (`session.id`); else one of our own, for as long as the tab is open.
 */
export function sessionId(tab: Shelf, openLocal: () => Storage, now: number): string {
  const theirs = otelSession(openLocal, now);
  if (theirs !== undefined) return theirs;
  const known = tab.get('session');
  if (typeof known === 'string' && known !== '') return known;
  const made = randomHex();
  tab.set('session', made);
  return made;
}

/** As @opentelemetry/web-common and the OpenTelemetry browser SDK keep it: `{id, startTimestamp}` in JSON. */
function otelSession(openLocal: () => Storage, now: number): string | undefined {
  try {
    const kept = JSON.parse(openLocal().getItem('opentelemetry-session') ?? 'null') as unknown;
    if (typeof kept !== 'object' || kept === null) return undefined;
    const { id, startTimestamp } = kept as { id?: unknown; startTimestamp?: unknown };
    if (typeof id !== 'string' || id === '' || id.length > 200) return undefined;
    return typeof startTimestamp === 'number' && now - startTimestamp > maxAgeMs ? undefined : id;
  } catch {
    return undefined;
  }
}
