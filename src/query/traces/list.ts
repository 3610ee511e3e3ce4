import type { List } from '../../http/contract/common.js';
import type { TraceSummary } from '../../http/contract/telemetry.js';
import type { Clock } from '../../lib/clock.js';
import { BadInput } from '../../lib/errors.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import { formatMs } from '../time-range.js';
import { spanConditions, type SpanFilter } from './filter.js';
import { summaries } from './summaries.js';

export interface TraceListRequest {
  readonly filter: SpanFilter;
  readonly limit: number;
  readonly sort: 'newest' | 'slowest';
  readonly cursor: string | undefined;
}

const firstSliceMs = 60_000;
const budgetMs = 12_000;
/** A trace whose spans start further apart than this may be listed twice. */
const longTraceMs = 3_600_000;
/** How deep "slowest" can be paged: it is ranked anew for every page. */
const maxRank = 2000;

/** Traces that have a matching span, newest (by that span) or slowest first. */
export async function listTraces(
  reader: TelemetryReader,
  clock: Clock,
  request: TraceListRequest,
): Promise<List<TraceSummary>> {
  return request.sort === 'slowest' ? slowest(reader, request) : newest(reader, clock, request);
}

async function slowest(reader: TelemetryReader, request: TraceListRequest): Promise<List<TraceSummary>> {
  const { filter, limit } = request;
  const offset = request.cursor === undefined ? 0 : Number(/^r(\d{1,4})$/.exec(request.cursor)?.[1] ?? NaN);
  if (!(offset <= maxRank)) throw badCursor();
  const params = new SqlParams();
  const found = await reader.rows<{ TraceId: string; at: number }>(
    `SELECT TraceId, toUnixTimestamp64Milli(max(Timestamp)) AS at FROM otel_traces
WHERE TraceId != '' AND ${spanConditions(filter, params)}
GROUP BY TraceId ORDER BY max(Duration) DESC, TraceId LIMIT ${limit + 1} OFFSET ${offset}`,
    params.values,
  );
  const more = found.length > limit && offset + limit <= maxRank;
  return {
    items: await summaries(reader, found.slice(0, limit)),
    nextCursor: more ? `r${offset + limit}` : null,
  };
}

interface Found {
  readonly TraceId: string;
  /** Unix milliseconds of the newest matching span. */
  readonly at: number;
}

/** As in logs/list.ts: slices from the end of the range, each four times as long as the one before. */
async function newest(
  reader: TelemetryReader,
  clock: Clock,
  { filter, limit, cursor }: TraceListRequest,
): Promise<List<TraceSummary>> {
  const start = cursor === undefined ? undefined : decodeCursor(cursor);
  const deadline = clock.now() + budgetMs;
  const found: Found[] = [];
  let toMs = start === undefined ? filter.range.toMs : Math.min(filter.range.toMs, start.at + 1);
  let sliceMs = firstSliceMs;
  while (toMs > filter.range.fromMs && found.length <= limit) {
    if (clock.now() >= deadline) {
      return {
        items: await summaries(reader, found.slice(0, limit)),
        nextCursor: encodeCursor({ at: toMs - 1, TraceId: '~' }),
        partial: `Searched back to ${formatMs(toMs)}: ask for the next page, or narrow the search.`,
      };
    }
    const fromMs = Math.max(filter.range.fromMs, toMs - sliceMs);
    const slice = { ...filter, range: { fromMs, toMs } };
    const wanted = limit + 1 - found.length;
    const page = await newestIn(reader, { slice, filter, wanted, start });
    found.push(...page);
    toMs = fromMs;
    sliceMs *= 4;
  }
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: await summaries(reader, items),
    nextCursor: found.length > limit && last ? encodeCursor(last) : null,
  };
}

interface SliceRequest {
  readonly slice: SpanFilter;
  readonly filter: SpanFilter;
  readonly wanted: number;
  readonly start: Found | undefined;
}

/** Traces behind the cursor whose newest matching span lies in the slice. */
async function newestIn(reader: TelemetryReader, request: SliceRequest): Promise<Found[]> {
  const found: Found[] = [];
  let start = request.start;
  for (;;) {
    const wanted = request.wanted - found.length;
    const candidates = await candidatesIn(reader, request.slice, wanted, start);
    const shown = await shownBefore(reader, request, candidates);
    found.push(...candidates.filter(({ TraceId }) => !shown.has(TraceId)));
    start = candidates.at(-1);
    if (candidates.length < wanted || found.length >= request.wanted) return found;
  }
}

async function candidatesIn(
  reader: TelemetryReader,
  slice: SpanFilter,
  wanted: number,
  start: Found | undefined,
): Promise<Found[]> {
  const params = new SqlParams();
  const where = spanConditions(slice, params);
  const having = start
    ? `HAVING (at, TraceId) < (${params.int(start.at)}, ${params.string(start.TraceId)})`
    : '';
  return reader.rows<Found>(
    `SELECT TraceId, toUnixTimestamp64Milli(max(Timestamp)) AS at FROM otel_traces
WHERE TraceId != '' AND ${where}
GROUP BY TraceId ${having} ORDER BY at DESC, TraceId DESC LIMIT ${wanted}`,
    params.values,
  );
}

/** A trace that has a newer matching span was in an earlier slice or on an earlier page already. */
async function shownBefore(
  reader: TelemetryReader,
  { slice, filter }: SliceRequest,
  candidates: readonly Found[],
): Promise<Set<string>> {
  const fromMs = slice.range.toMs;
  const toMs = Math.min(filter.range.toMs, fromMs + longTraceMs);
  if (candidates.length === 0 || fromMs >= toMs) return new Set();
  const params = new SqlParams();
  const rows = await reader.rows<{ TraceId: string }>(
    `SELECT DISTINCT TraceId FROM otel_traces
WHERE TraceId IN (${params.strings(candidates.map(({ TraceId }) => TraceId))}) AND ${spanConditions({ ...filter, range: { fromMs, toMs } }, params)}`,
    params.values,
  );
  return new Set(rows.map(({ TraceId }) => TraceId));
}

function encodeCursor({ at, TraceId }: Found): string {
  return `${at}.${Buffer.from(TraceId).toString('base64url')}`;
}

function decodeCursor(cursor: string): Found {
  const [, at, id] = /^(\d{1,15})\.([A-Za-z0-9_-]{1,200})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) throw badCursor();
  return { at: Number(at), TraceId: Buffer.from(id, 'base64url').toString() };
}

function badCursor(): BadInput {
  return new BadInput('bad_request', 'This cursor was not given by Lemni: ask for the first page again.', {
    at: 'cursor',
  });
}
