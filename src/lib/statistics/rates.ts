import type { Estimate } from './difference.js';
import { zFor } from './normal.js';

/** So many events in so much: seconds, minutes, or requests. */
export interface Rate {
  readonly events: number;
  readonly exposure: number;
}

/**
 * Events for each unit of exposure, with the score interval of a Poisson rate (the roots of
 * (events - rate * exposure)^2 = z^2 * rate * exposure), which stays sound for none and for few. `dispersion`
 * above 1 widens it for events that come in bursts.
 */
export function rateEstimate({ events, exposure }: Rate, z = zFor(0.05), dispersion = 1): Estimate {
  if (exposure <= 0) return { value: 0, low: 0, high: Infinity };
  const n = events / dispersion;
  const reach = z * Math.sqrt(n + (z * z) / 4);
  const middle = n + (z * z) / 2;
  const scale = dispersion / exposure;
  return {
    value: events / exposure,
    low: Math.max(0, middle - reach) * scale,
    high: (middle + reach) * scale,
  };
}
