import type { Measure } from '../../src/http/contract/verdicts.js';

export type MeasureName = Measure['name'];

/** From which size on a difference matters to people; what is smaller is no news however certain it is. */
export interface Threshold {
  /** In the measure's own unit. */
  readonly absolute: number;
  /** Of the number before. */
  readonly relative: number;
  /** Failures, slow requests or lines that the worse side needs. */
  readonly events: number;
  /** So many times the threshold makes the release degraded; Infinity: it is shown and decides nothing alone. */
  readonly decides: number;
}

/**
 * docs/releases.md says the same in a table. Error ratio in shares of 1, latencies in ms, throughput in shares of
 * the rate before, error logs a request.
 */
export const thresholds: Readonly<Record<MeasureName, Threshold>> = {
  error_ratio: { absolute: 0.005, relative: 0.2, events: 5, decides: 1 },
  latency_p50: { absolute: 5, relative: 0.2, events: 20, decides: 1 },
  latency_p95: { absolute: 10, relative: 0.25, events: 20, decides: 1 },
  // The slowest hundredth is a matter of a few requests: it has to double.
  latency_p99: { absolute: 25, relative: 0.5, events: 20, decides: 2 },
  // Fewer people come at noon than at nine: only a service that is all but silent is called degraded for it.
  throughput: { absolute: 0, relative: 0.5, events: 20, decides: 1.6 },
  error_logs: { absolute: 0.01, relative: 0.5, events: 10, decides: 2 },
  bad_feedback: { absolute: 0.2, relative: 0.2, events: 5, decides: 1 },
};

/** What has to be exceeded, in the measure's unit. */
export function leastEffect(name: MeasureName, before: number): number {
  const { absolute, relative } = thresholds[name];
  return Math.max(absolute, relative * before);
}
