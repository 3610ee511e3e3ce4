import type { AlertLife } from '../../src/model/alerts.js';

/** Longer than this and a pending alert begins anew (Prometheus' rules.alert.for-outage-tolerance). */
export const outageToleranceMs = 3_600_000;

/**
 * A life as it goes on after nobody evaluated rules for a while. A quick restart changes nothing. After a gap of
 * more than two intervals the time in which nobody looked does not count towards `for`, nor towards
 * `keepFiringFor`; after more than an hour a pending alert is forgotten (undefined). A firing alert goes on
 * firing: the next evaluation says whether it is resolved.
 */
export function afterOutage<Life extends AlertLife>(
  life: Life,
  outage: { readonly lastEvaluatedAt: number | undefined; readonly now: number; readonly intervalMs: number },
): Life | undefined {
  const gap = outage.now - (outage.lastEvaluatedAt ?? life.activeAt);
  if (gap <= 2 * outage.intervalMs) return life;
  const unseen = gap - outage.intervalMs;
  if (life.state === 'pending') {
    return gap > outageToleranceMs ? undefined : { ...life, activeAt: life.activeAt + unseen };
  }
  if (life.keepFiringSince === null) return life;
  return { ...life, keepFiringSince: life.keepFiringSince + unseen };
}
