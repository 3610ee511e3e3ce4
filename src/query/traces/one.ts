import type { Span, Trace } from '../../http/contract/telemetry.js';
import { BadInput } from '../../lib/errors.js';
import { recordColumns, recordOf, type RecordRow } from '../logs/record.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import { formatNs, type Range } from '../time-range.js';

const maxSpans = 10_000;
const maxLogs = 1000;
/** Logs of a trace may come before its first span starts and long after its last one (background work). */
const logSlackMs = 600_000;
/** How far back spans of an id are looked for that the table of trace ids does not know. */
const justComeMinutes = 10;

/** The spans of a trace by start time, and the logs that carry its id. */
export async function oneTrace(reader: TelemetryReader, traceId: string): Promise<Trace> {
  if (!/^[\w.:-]{1,128}$/.test(traceId)) throw unknownTrace();
  const range = await rangeOf(reader, traceId);
  const [spans, logs] = await Promise.all([
    readSpans(reader, traceId, range),
    readLogs(reader, traceId, range),
  ]);
  if (spans.length === 0 && logs.length === 0) throw unknownTrace();
  const shown = spans.slice(0, maxSpans);
  const bounds = boundsOf(shown);
  const missing = [
    ...(spans.length > maxSpans
      ? [`the trace has more than ${maxSpans} spans: the first ones are shown`]
      : []),
    ...(logs.length > maxLogs ? [`it has more than ${maxLogs} logs: the first ones are shown`] : []),
    ...(spans.length === 0 ? ['its spans are not here: only logs carry its id'] : []),
  ];
  return {
    traceId,
    startedAt: formatNs(bounds?.startNs.toString() ?? logs[0]?.ns ?? '0'),
    durationMs: bounds ? Number(bounds.endNs - bounds.startNs) / 1e6 : 0,
    spans: shown.map((row) => spanOf(traceId, row)),
    logs: logs.slice(0, maxLogs).map(recordOf),
    ...(missing.length === 0 ? {} : { partial: `${missing.join('; ')}.` }),
  };
}

function unknownTrace(): BadInput {
  return new BadInput(
    'not_found',
    'There is no trace with this id. It may be older than the retention, sampled away, or not here yet.',
    { at: 'traceId' },
  );
}

/** From the table of trace ids, which is sorted by them: no scan of the spans. */
async function rangeOf(reader: TelemetryReader, traceId: string): Promise<Range | undefined> {
  const params = new SqlParams();
  const [row] = await reader.rows<{ start: number; end: number; n: number }>(
    `SELECT toUnixTimestamp(min(Start)) AS start, toUnixTimestamp(max(End)) AS end, count() AS n
FROM otel_traces_trace_id_ts WHERE TraceId = ${params.string(traceId)}`,
    params.values,
  );
  return row && row.n > 0 ? { fromMs: row.start * 1000, toMs: row.end * 1000 + 1000 } : undefined;
}

interface SpanRow {
  readonly ns: string;
  readonly durationNs: string;
  readonly SpanId: string;
  readonly ParentSpanId: string;
  readonly SpanName: string;
  readonly SpanKind: string;
  readonly ServiceName: string;
  readonly ServiceVersion: string;
  readonly Environment: string;
  readonly StatusCode: string;
  readonly StatusMessage: string;
  readonly SpanAttributes: Record<string, string>;
  readonly ResourceAttributes: Record<string, string>;
  readonly eventTimes: readonly string[];
  readonly eventNames: readonly string[];
  readonly eventAttributes: readonly Record<string, string>[];
  readonly linkTraces: readonly string[];
  readonly linkSpans: readonly string[];
  readonly linkAttributes: readonly Record<string, string>[];
}

async function readSpans(
  reader: TelemetryReader,
  traceId: string,
  range: Range | undefined,
): Promise<SpanRow[]> {
  const params = new SqlParams();
  // A span is there a moment before the table of trace ids knows it: then it has just come.
  const time = range ? params.within(range) : `Timestamp >= now64() - INTERVAL ${justComeMinutes} MINUTE`;
  return reader.rows<SpanRow>(
    `SELECT toString(toUnixTimestamp64Nano(Timestamp)) AS ns, toString(Duration) AS durationNs, SpanId, ParentSpanId,
  SpanName, SpanKind, ServiceName, ServiceVersion, Environment, StatusCode, StatusMessage, SpanAttributes, ResourceAttributes,
  arrayMap(at -> toString(toUnixTimestamp64Nano(at)), \`Events.Timestamp\`) AS eventTimes, \`Events.Name\` AS eventNames,
  \`Events.Attributes\` AS eventAttributes, \`Links.TraceId\` AS linkTraces, \`Links.SpanId\` AS linkSpans,
  \`Links.Attributes\` AS linkAttributes
FROM otel_traces WHERE TraceId = ${params.string(traceId)} AND ${time}
ORDER BY Timestamp, SpanId LIMIT ${maxSpans + 1}`,
    params.values,
  );
}

async function readLogs(
  reader: TelemetryReader,
  traceId: string,
  range: Range | undefined,
): Promise<RecordRow[]> {
  const params = new SqlParams();
  const near = range && { fromMs: Math.max(0, range.fromMs - logSlackMs), toMs: range.toMs + logSlackMs };
  return reader.rows<RecordRow>(
    `SELECT ${recordColumns} FROM otel_logs
WHERE TraceId = ${params.string(traceId)}${near ? ` AND ${params.within(near)}` : ''}
ORDER BY Timestamp LIMIT ${maxLogs + 1}`,
    params.values,
  );
}

function boundsOf(rows: readonly SpanRow[]): { startNs: bigint; endNs: bigint } | undefined {
  const [first] = rows;
  if (!first) return undefined;
  let endNs = 0n;
  for (const row of rows) {
    const end = BigInt(row.ns) + BigInt(row.durationNs);
    if (end > endNs) endNs = end;
  }
  return { startNs: BigInt(first.ns), endNs };
}

function spanOf(traceId: string, row: SpanRow): Span {
  return {
    traceId,
    spanId: row.SpanId,
    parentSpanId: row.ParentSpanId,
    name: row.SpanName,
    kind: row.SpanKind,
    service: row.ServiceName,
    version: row.ServiceVersion,
    environment: row.Environment,
    startedAt: formatNs(row.ns),
    durationMs: Number(row.durationNs) / 1e6,
    status: row.StatusCode === 'Error' || row.StatusCode === 'Ok' ? row.StatusCode : 'Unset',
    statusMessage: row.StatusMessage,
    attributes: row.SpanAttributes,
    resource: row.ResourceAttributes,
    events: row.eventTimes.map((ns, i) => ({
      at: formatNs(ns),
      name: row.eventNames[i] ?? '',
      attributes: row.eventAttributes[i] ?? {},
    })),
    links: row.linkTraces.map((linked, i) => ({
      traceId: linked,
      spanId: row.linkSpans[i] ?? '',
      attributes: row.linkAttributes[i] ?? {},
    })),
  };
}
