import { LRUCache } from 'lru-cache';
import { BadInput } from '../../lib/errors.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import { bucketSizeOf, CountedBuckets, type Hit } from './counted-buckets.js';

export interface LogCountQuestion {
  readonly windowMs: number;
  /** Unix milliseconds: the end of the window, exclusive. */
  readonly at: number;
  /** In the log query language; each once. */
  readonly searches: readonly string[];
}

export interface LogCountRow {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly records: number;
}

export type LogCounts = ReadonlyMap<string, readonly LogCountRow[] | Error>;

/**
 * Searches asked in one query. More make it slower to plan; one of 100 conditions of usual length is some 20 kB,
 * of a limit of 256 KiB (max_query_size).
 */
const maxSearches = 100;
const maxChars = 30_000;
const maxChunks = 200;
/** A search that the database refused (a regex that RE2 does not take) is tried again after this long. */
const refusedForMs = 5 * 60_000;

/**
 * How many records each of many searches finds in exactly [at - window, at), by service, environment and version.
 *
 * A thousand searches over five minutes of logs are a thousand tests a record, every 15 s: so each window is cut
 * into buckets, and a bucket is counted again only when its number of records is no longer the one that was
 * counted (what is late is seen by that). Each evaluation reads the two buckets at the window's ends and the new.
 */
export function createLogCounts(reader: TelemetryReader): (question: LogCountQuestion) => Promise<LogCounts> {
  const chunks = new LRUCache<string, CountedBuckets>({ max: maxChunks });
  const refused = new LRUCache<string, Error>({ max: 2000, ttl: refusedForMs });

  async function count(
    searches: readonly string[],
    range: Range,
    totals: ReadonlyMap<number, number>,
  ): Promise<[string, readonly LogCountRow[] | Error][]> {
    const key = JSON.stringify([range.bucketMs, range.toMs - range.fromMs, searches]);
    const chunk = chunks.get(key) ?? new CountedBuckets(reader, searches);
    try {
      const hits = await chunk.count(range, totals);
      chunks.set(key, chunk);
      return searches.map((search, i) => [search, rowsOf(hits.get(i) ?? [])]);
    } catch (error) {
      const [only] = searches;
      if (!(error instanceof BadInput) || only === undefined) throw error;
      if (searches.length === 1) {
        refused.set(only, error);
        return [[only, error]];
      }
      // One bad search must not silence the others: halves find it.
      const middle = searches.length >> 1;
      return [
        ...(await count(searches.slice(0, middle), range, totals)),
        ...(await count(searches.slice(middle), range, totals)),
      ];
    }
  }

  return async ({ windowMs, at, searches }) => {
    const found = new Map<string, readonly LogCountRow[] | Error>();
    const good: string[] = [];
    for (const search of [...searches].sort()) {
      const error = refused.get(search);
      if (error) found.set(search, error);
      else good.push(search);
    }
    if (good.length === 0) return found;
    const range = { fromMs: at - windowMs, toMs: at, bucketMs: bucketSizeOf(windowMs) };
    const totals = await recordsOfBuckets(reader, range);
    for (const some of chunksOf(good)) {
      for (const [search, rows] of await count(some, range, totals)) found.set(search, rows);
    }
    return found;
  };
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucketMs: number;
}

/** How many records each whole bucket of the window has now. Reads one column. */
async function recordsOfBuckets(
  reader: TelemetryReader,
  { fromMs, toMs, bucketMs }: Range,
): Promise<Map<number, number>> {
  const params = new SqlParams();
  const whole = {
    fromMs: Math.ceil(fromMs / bucketMs) * bucketMs,
    toMs: Math.floor(toMs / bucketMs) * bucketMs,
  };
  if (whole.fromMs >= whole.toMs) return new Map();
  const minuteWise = bucketMs % 60_000 === 0;
  const sql = minuteWise
    ? `SELECT intDiv(toInt64(toUnixTimestamp(Minute)) * 1000, ${bucketMs}) AS bucket, sum(Count) AS n
FROM log_minutes WHERE ${params.minutesWithin('Minute', whole)} GROUP BY bucket`
    : `SELECT intDiv(toUnixTimestamp64Milli(Timestamp), ${bucketMs}) AS bucket, count() AS n
FROM otel_logs WHERE ${params.within(whole)} GROUP BY bucket`;
  const rows = await reader.rows<{ bucket: number; n: number }>(sql, params.values);
  return new Map(rows.map(({ bucket, n }) => [bucket, n]));
}

function* chunksOf(searches: readonly string[]): Generator<readonly string[]> {
  let chunk: string[] = [];
  let chars = 0;
  for (const search of searches) {
    if (chunk.length >= maxSearches || (chunk.length > 0 && chars + search.length > maxChars)) {
      yield chunk;
      chunk = [];
      chars = 0;
    }
    chunk.push(search);
    chars += search.length;
  }
  if (chunk.length > 0) yield chunk;
}

/** Sums the hits of all buckets by service, environment and version. */
function rowsOf(hits: readonly Hit[]): LogCountRow[] {
  const sums = new Map<string, { -readonly [Key in keyof LogCountRow]: LogCountRow[Key] }>();
  for (const { service, environment, version, records } of hits) {
    const key = JSON.stringify([service, environment, version]);
    const sum = sums.get(key);
    if (sum) sum.records += records;
    else sums.set(key, { service, environment, version, records });
  }
  return [...sums.values()];
}
