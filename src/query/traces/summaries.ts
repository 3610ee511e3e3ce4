import type { TraceSummary } from '../../http/contract/telemetry.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import { formatNs } from '../time-range.js';

interface SummaryRow {
  readonly TraceId: string;
  readonly startNs: string;
  readonly durationMs: number;
  readonly root: readonly [service: string, operation: string];
  readonly spans: number;
  readonly errors: number;
  readonly services: readonly string[];
}

/** Spans of one trace lie within this of the span that was found: what is further away is not counted. */
const reachMs = 3_600_000;

/** What the whole traces are, in the order in which they were found. */
export async function summaries(
  reader: TelemetryReader,
  found: readonly { readonly TraceId: string; readonly at: number }[],
): Promise<TraceSummary[]> {
  if (found.length === 0) return [];
  const params = new SqlParams();
  const times = found.map(({ at }) => at);
  const range = { fromMs: Math.max(0, Math.min(...times) - reachMs), toMs: Math.max(...times) + reachMs };
  // The root is the span without a parent; without one (not here yet, or sampled away) the earliest span.
  const rows = await reader.rows<SummaryRow>(
    `SELECT TraceId, toString(toUnixTimestamp64Nano(min(Timestamp))) AS startNs,
  (max(toUnixTimestamp64Nano(Timestamp) + toInt64(least(Duration, 9000000000000000000))) - min(toUnixTimestamp64Nano(Timestamp))) / 1e6 AS durationMs,
  argMin((ServiceName, SpanName), (ParentSpanId != '', Timestamp)) AS root,
  count() AS spans, countIf(StatusCode = 'Error') AS errors, groupUniqArray(50)(ServiceName) AS services
FROM otel_traces
WHERE TraceId IN (${params.strings(found.map(({ TraceId }) => TraceId))}) AND ${params.within(range)}
GROUP BY TraceId`,
    params.values,
  );
  const byId = new Map(rows.map((row) => [row.TraceId, row]));
  return found.flatMap(({ TraceId }) => {
    const row = byId.get(TraceId);
    return row ? [summaryOf(row)] : [];
  });
}

function summaryOf(row: SummaryRow): TraceSummary {
  return {
    traceId: row.TraceId,
    startedAt: formatNs(row.startNs),
    durationMs: row.durationMs,
    rootService: row.root[0],
    rootOperation: row.root[1],
    spans: row.spans,
    errors: row.errors,
    services: [...row.services].sort(),
  };
}
