import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';

export interface OthersQuestion {
  /** Empty: any. */
  readonly environment: string;
  /** Before: [beforeFromMs, beforeToMs), during: [fromMs, toMs). Unix ms. */
  readonly beforeFromMs: number;
  readonly beforeToMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface OtherRow {
  readonly service: string;
  readonly totalBefore: number;
  readonly failedBefore: number;
  readonly totalDuring: number;
  readonly failedDuring: number;
}

/** How every service does now and did before: whether more fails than has an alert. The 500 busiest. */
export async function otherServices(
  reader: TelemetryReader,
  { environment, beforeFromMs, beforeToMs, fromMs, toMs }: OthersQuestion,
): Promise<readonly OtherRow[]> {
  const params = new SqlParams();
  const before = params.minutesWithin('Minute', { fromMs: beforeFromMs, toMs: beforeToMs });
  const during = params.minutesWithin('Minute', { fromMs, toMs });
  const all = params.minutesWithin('Minute', { fromMs: beforeFromMs, toMs });
  const named = environment === '' ? '' : ` AND Environment IN (${params.string(environment)}, '')`;
  return reader.rows<OtherRow>(
    `SELECT ServiceName AS service, sumIf(Requests, ${before}) AS totalBefore, sumIf(Errors, ${before}) AS failedBefore,
  sumIf(Requests, ${during}) AS totalDuring, sumIf(Errors, ${during}) AS failedDuring
FROM service_minutes WHERE ${all}${named} AND ServiceName != ''
GROUP BY service ORDER BY totalDuring DESC, service LIMIT 500`,
    params.values,
  );
}
