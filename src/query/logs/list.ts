import type { List } from '../../http/contract/common.js';
import type { LogRecord } from '../../http/contract/telemetry.js';
import type { Clock } from '../../lib/clock.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { whereOf, type Search } from '../search/search.js';
import { logs } from '../search/target.js';
import { SqlParams } from '../sql.js';
import { formatMs, type Range } from '../time-range.js';
import { decodeCursor, encodeCursor, type Cursor } from './cursor.js';
import { recordColumns, recordOf, rowHash, type RecordRow } from './record.js';

export interface LogListRequest {
  readonly search: Search;
  readonly range: Range;
  readonly limit: number;
  readonly order: 'desc' | 'asc';
  readonly cursor: string | undefined;
}

/** The first slice that is searched; each next one is four times as long, until the page is full. */
const firstSliceMs = 60_000;
/** After this long the page is given as it is, with a cursor to go on from. */
const budgetMs = 12_000;
const nsPerMs = 1_000_000n;
const maxHash = (2n ** 64n - 1n).toString();

/**
 * A page of records in order of time. Slices from the near end of the range are searched one after another, so
 * that the newest hundred lines of a month cost what the last minutes cost.
 */
export async function listLogs(
  reader: TelemetryReader,
  clock: Clock,
  request: LogListRequest,
): Promise<List<LogRecord>> {
  const start = request.cursor === undefined ? undefined : decodeCursor(request.cursor);
  const deadline = clock.now() + budgetMs;
  const wanted = request.limit + 1;
  const rows: RecordRow[] = [];
  let range = remaining(request, start);
  let sliceMs = firstSliceMs;
  while (range.fromNs < range.toNs && rows.length < wanted) {
    if (clock.now() >= deadline) return partialPage(request, rows, range, start);
    const slice = sliceOf(range, BigInt(sliceMs) * nsPerMs, request.order);
    rows.push(...(await readSlice(reader, { ...request, slice, start, limit: wanted - rows.length })));
    range = request.order === 'desc' ? { ...range, toNs: slice.fromNs } : { ...range, fromNs: slice.toNs };
    sliceMs *= 4;
  }
  return page(rows, request.limit, start);
}

interface NsRange {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

function remaining({ range, order }: LogListRequest, cursor: Cursor | undefined): NsRange {
  const whole = {
    fromNs: BigInt(Math.trunc(range.fromMs)) * nsPerMs,
    toNs: BigInt(Math.trunc(range.toMs)) * nsPerMs,
  };
  if (!cursor) return whole;
  const at = BigInt(cursor.ns);
  if (order === 'desc') return { fromNs: whole.fromNs, toNs: at + 1n < whole.toNs ? at + 1n : whole.toNs };
  return { fromNs: at > whole.fromNs ? at : whole.fromNs, toNs: whole.toNs };
}

function sliceOf(range: NsRange, length: bigint, order: 'desc' | 'asc'): NsRange {
  if (range.toNs - range.fromNs <= length) return range;
  return order === 'desc'
    ? { fromNs: range.toNs - length, toNs: range.toNs }
    : { fromNs: range.fromNs, toNs: range.fromNs + length };
}

interface SliceRequest {
  readonly search: Search;
  readonly order: 'desc' | 'asc';
  readonly slice: NsRange;
  readonly start: Cursor | undefined;
  readonly limit: number;
}

/** Two steps, so that the wide columns are read for the records of the page alone. */
async function readSlice(reader: TelemetryReader, request: SliceRequest): Promise<RecordRow[]> {
  const { slice, start, order } = request;
  // The cursor's own nanosecond is in the first slice only.
  const skip = start && BigInt(start.ns) >= slice.fromNs && BigInt(start.ns) < slice.toNs ? start : undefined;
  const edge = await edgeOf(reader, { ...request, limit: request.limit + (skip?.skip ?? 0) }, skip);
  if (edge === undefined) return [];
  const bounds = order === 'desc' ? { ...slice, fromNs: edge } : { ...slice, toNs: edge + 1n };
  const params = new SqlParams();
  const where = conditions({ ...request, slice: bounds }, skip, params);
  const offset = skip && skip.skip > 0 ? ` OFFSET ${skip.skip}` : '';
  return reader.rows<RecordRow>(
    // The hash is made inside: sorted by as an expression it costs 15 times as much (ClickHouse 26.7).
    `SELECT * FROM (SELECT ${recordColumns}, Timestamp, ${rowHash} AS h FROM otel_logs WHERE ${where})
ORDER BY Timestamp ${order}, h ${order} LIMIT ${request.limit}${offset}`,
    params.values,
  );
}

/** The time of the last record that fits into the page; undefined when there is none in the slice. */
async function edgeOf(
  reader: TelemetryReader,
  request: SliceRequest,
  skip: Cursor | undefined,
): Promise<bigint | undefined> {
  const params = new SqlParams();
  const where = conditions(request, skip, params);
  const [row] = await reader.rows<{ edge: string; found: number }>(
    `SELECT toString(toUnixTimestamp64Nano(${request.order === 'desc' ? 'min' : 'max'}(Timestamp))) AS edge, count() AS found
FROM (SELECT Timestamp FROM otel_logs WHERE ${where} ORDER BY Timestamp ${request.order} LIMIT ${request.limit})`,
    params.values,
  );
  return row === undefined || row.found === 0 ? undefined : BigInt(row.edge);
}

function conditions(
  { search, slice, order }: SliceRequest,
  skip: Cursor | undefined,
  params: SqlParams,
): string {
  const conditions = [params.withinNs(slice.fromNs, slice.toNs), `(${whereOf(search, logs, params)})`];
  if (skip) {
    const at = params.ns(skip.ns);
    const side = order === 'desc' ? '<' : '>';
    conditions.push(`(Timestamp ${side} ${at} OR ${rowHash} ${side}= ${params.uint(skip.hash)})`);
  }
  return conditions.join(' AND ');
}

function page(rows: readonly RecordRow[], limit: number, start: Cursor | undefined): List<LogRecord> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || !last) return { items: items.map(recordOf), nextCursor: null };
  return { items: items.map(recordOf), nextCursor: encodeCursor(after(last, items, start)) };
}

function after(last: RecordRow, items: readonly RecordRow[], start: Cursor | undefined): Cursor {
  const same = (key: { ns: string; hash: string }): boolean => key.ns === last.ns && key.hash === last.hash;
  const skip = items.filter(same).length + (start && same(start) ? start.skip : 0);
  return { ns: last.ns, hash: last.hash, skip };
}

function partialPage(
  request: LogListRequest,
  rows: readonly RecordRow[],
  left: NsRange,
  start: Cursor | undefined,
): List<LogRecord> {
  const { order, limit } = request;
  const at = order === 'desc' ? left.toNs - 1n : left.fromNs;
  const last = rows.length >= limit ? rows[limit - 1] : undefined;
  const cursor = last
    ? after(last, rows.slice(0, limit), start)
    : { ns: at.toString(), hash: order === 'desc' ? maxHash : '0', skip: 0 };
  return {
    items: rows.slice(0, limit).map(recordOf),
    nextCursor: encodeCursor(cursor),
    partial: `Searched as far as ${formatMs(Number(at / nsPerMs))}: ask for the next page, or narrow the search.`,
  };
}
