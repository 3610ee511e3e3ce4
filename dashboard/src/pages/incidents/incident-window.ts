import type { Incident } from '../../../../src/http/contract/incidents.js';
import type { RangeMs } from '../../time/range.js';

const minute = 60_000;

/**
 * The time to look at: from well before it (or before its deploy, when that is near) to its end and a little
 * after, never beyond now. `now` is Unix ms.
 */
export function incidentWindow(
  incident: Pick<Incident, 'openedAt' | 'resolvedAt' | 'lastDeploy'>,
  now: number,
): RangeMs {
  const opened = Date.parse(incident.openedAt);
  const end = incident.resolvedAt === null ? now : Date.parse(incident.resolvedAt);
  const lead = Math.max(30 * minute, Math.min((end - opened) / 2, 24 * 60 * minute));
  let from = opened - lead;
  if (incident.lastDeploy) {
    const deploy = Date.parse(incident.lastDeploy.at);
    const near = deploy < from && opened - deploy < 4 * 60 * minute;
    if (near) from = deploy - 10 * minute;
  }
  // Whole minutes, so that the question stays the same for a minute while the incident is active.
  const to = Math.min(now, end + 15 * minute);
  return {
    from: Math.floor(from / minute) * minute,
    to: Math.max(from + minute, Math.ceil(to / minute) * minute),
  };
}
