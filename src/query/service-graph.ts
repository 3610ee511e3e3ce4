import type { ServiceCall } from '../model/suspects.js';
import type { TelemetryReader } from '../store/telemetry/database.js';
import { SqlParams } from './sql.js';
import type { Range } from './time-range.js';

export interface ServiceGraph {
  /** Who called whom in a time, those with most calls first; counts are estimates when there is much. */
  calls(range: Range): Promise<readonly ServiceCall[]>;
}

export interface ServiceGraphOptions {
  /** Spans of which the ids are read, at about 4 M/s on two cores; more are looked at in slices of the time. */
  readonly maxScanned?: number;
  /** Spans that are joined; of more, whole traces are left out by their hash. */
  readonly maxJoined?: number;
}

/** Ranges of one length that end in the same stretch of this long have the same answer, ms. */
const sameForMs = 30_000;
const maxCached = 32;
const maxSlices = 4;
/** A slice begins this much earlier for callers, which begin before what they call, ms. */
const callerLeadMs = 5000;
const maxCalls = 5000;

/** Answers from traces: a span whose parent is of another service. The graph changes slowly, so it is cached. */
export function createServiceGraph(reader: TelemetryReader, options: ServiceGraphOptions = {}): ServiceGraph {
  const { maxScanned = 600_000, maxJoined = 150_000 } = options;
  const cache = new Map<string, Promise<readonly ServiceCall[]>>();
  return {
    calls: (range) => {
      const key = `${Math.round((range.toMs - range.fromMs) / 1000)} ${Math.floor(range.toMs / sameForMs)}`;
      const known = cache.get(key);
      if (known) return known;
      const found = readCalls(reader, range, { maxScanned, maxJoined });
      cache.set(key, found);
      // A failure is not remembered.
      found.catch(() => cache.delete(key));
      const [oldest] = cache.keys();
      if (cache.size > maxCached && oldest !== undefined) cache.delete(oldest);
      return found;
    },
  };
}

async function readCalls(
  reader: TelemetryReader,
  range: Range,
  { maxScanned, maxJoined }: Required<ServiceGraphOptions>,
): Promise<readonly ServiceCall[]> {
  const spans = await countSpans(reader, range);
  if (spans === 0) return [];
  const seen = Math.min(1, maxScanned / spans);
  const slices = slicesOf(range, seen);
  const one = Math.max(1, Math.ceil((spans * seen) / maxJoined));
  const params = new SqlParams();
  const within = (leadMs: number): string =>
    slices.map(({ fromMs, toMs }) => `(${params.within({ fromMs: fromMs - leadMs, toMs })})`).join(' OR ');
  const sampled = one === 1 ? '' : ` AND cityHash64(TraceId) % ${one} = 0`;
  // Ids are joined by a hash: half the memory of their text. Only what enters a service is called.
  const rows = await reader.rows<ServiceCall>(
    `SELECT caller, callee, environment, count() AS calls, countIf(failed) AS errors
FROM (
  SELECT cityHash64(TraceId, ParentSpanId) AS parent, ServiceName AS callee, Environment AS environment,
    StatusCode = 'Error' AS failed
  FROM otel_traces
  WHERE (${within(0)}) AND SpanKind IN ('Server', 'Consumer', 'Unspecified') AND ParentSpanId != ''${sampled}
) AS child
INNER JOIN (
  SELECT cityHash64(TraceId, SpanId) AS id, ServiceName AS caller
  FROM otel_traces
  WHERE (${within(callerLeadMs)})${sampled}
) AS parent ON child.parent = parent.id
WHERE caller != callee AND caller != '' AND callee != ''
GROUP BY caller, callee, environment
ORDER BY calls DESC, caller, callee LIMIT ${maxCalls}`,
    params.values,
  );
  const factor = one / seen;
  return rows.map((row) => ({
    ...row,
    calls: Math.round(row.calls * factor),
    errors: Math.round(row.errors * factor),
  }));
}

/** Of the index alone where five minutes are whole, which is near enough. */
async function countSpans(reader: TelemetryReader, range: Range): Promise<number> {
  const params = new SqlParams();
  const [row] = await reader.rows<{ spans: number }>(
    `SELECT count() AS spans FROM otel_traces WHERE ${params.within(range)}`,
    params.values,
  );
  return row?.spans ?? 0;
}

/** Evenly over the range, together so much of it; the last one ends with it. */
function slicesOf({ fromMs, toMs }: Range, share: number): Range[] {
  if (share >= 1) return [{ fromMs, toMs }];
  const stride = (toMs - fromMs) / maxSlices;
  return Array.from({ length: maxSlices }, (_, i) => {
    const end = Math.round(fromMs + stride * (i + 1));
    return { fromMs: Math.round(end - stride * share), toMs: end };
  });
}
