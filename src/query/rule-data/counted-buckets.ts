import type { TelemetryReader } from '../../store/telemetry/database.js';
import { searchOf, whereOf, type Search } from '../search/search.js';
import { logs } from '../search/target.js';
import { SqlParams } from '../sql.js';

/** What one search found in one bucket. */
export interface Hit {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly records: number;
}

interface Bucket {
  /** How many records it had when it was counted, found or not. */
  readonly total: number;
  readonly hits: readonly (Hit & { readonly search: number })[];
}

interface Row {
  readonly bucket: number;
  readonly total: number;
  readonly found: readonly [
    service: string,
    environment: string,
    version: string,
    hits: readonly [search: number, records: number][],
  ][];
}

export interface BucketRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucketMs: number;
}

const sizes = [10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000] as const;
/** More hits than this in a window are not kept: then every evaluation counts anew. */
const maxHits = 200_000;

/** About a hundred buckets a window, of 10 s at least. */
export function bucketSizeOf(windowMs: number): number {
  return sizes.findLast((size) => size <= windowMs / 100) ?? sizes[0];
}

/** The counts of some searches, bucket by bucket, as far as they are still true. */
export class CountedBuckets {
  readonly #reader: TelemetryReader;
  readonly #searches: readonly Search[];
  readonly #buckets = new Map<number, Bucket>();

  /** Throws `BadInput` when a search is wrong. */
  constructor(reader: TelemetryReader, searches: readonly string[]) {
    this.#reader = reader;
    this.#searches = searches.map((search) => searchOf(search));
  }

  /**
   * Hits by the search's index. `totals`: how many records each whole bucket of the range has now; a bucket that
   * is not in it has none.
   */
  async count(range: BucketRange, totals: ReadonlyMap<number, number>): Promise<Map<number, Hit[]>> {
    const { fromMs, toMs, bucketMs } = range;
    const first = Math.floor(fromMs / bucketMs);
    const last = Math.floor((toMs - 1) / bucketMs);
    for (const bucket of this.#buckets.keys()) {
      if (bucket < first || bucket > last) this.#buckets.delete(bucket);
    }
    // The two at the ends are cut by the window: what is counted of them is true now only.
    const ends = new Set<number>();
    if (first * bucketMs < fromMs) ends.add(first);
    if ((last + 1) * bucketMs > toMs) ends.add(last);
    const changed: number[] = [...ends];
    for (const [bucket, total] of totals) {
      if (this.#buckets.get(bucket)?.total !== total) changed.push(bucket);
    }
    const counted = changed.length === 0 ? [] : await this.#ask(range, changed);
    const found = new Map<number, Hit[]>();
    for (const bucket of changed) this.#buckets.delete(bucket);
    for (const { bucket, ...fresh } of counted) {
      if (ends.has(bucket)) collect(fresh, found);
      else this.#buckets.set(bucket, fresh);
    }
    let kept = 0;
    for (const bucket of this.#buckets.values()) {
      collect(bucket, found);
      kept += bucket.hits.length;
    }
    if (kept > maxHits) this.#buckets.clear();
    return found;
  }

  async #ask(range: BucketRange, buckets: readonly number[]): Promise<(Bucket & { bucket: number })[]> {
    const params = new SqlParams();
    const conditions = this.#searches.map((search) => whereOf(search, logs, params));
    // Bucket numbers are ours, not a user's.
    const bucket = `intDiv(toUnixTimestamp64Milli(Timestamp), ${Math.trunc(range.bucketMs)})`;
    const times = {
      fromMs: Math.max(range.fromMs, Math.min(...buckets) * range.bucketMs),
      toMs: Math.min(range.toMs, (Math.max(...buckets) + 1) * range.bucketMs),
    };
    const sql = `SELECT bucket, sum(n) AS total, groupArrayIf((service, environment, version, hits), notEmpty(hits)) AS found
FROM (
SELECT ${bucket} AS bucket, ServiceName AS service, Environment AS environment, ServiceVersion AS version, count() AS n,
  arrayFilter(hit -> hit.2 > 0, arrayZip(range(${conditions.length}), [${conditions.map((condition) => `countIf(${condition})`).join(', ')}])) AS hits
FROM otel_logs
WHERE ${params.within(times)} AND ${bucket} IN (${buckets.map((one) => Math.trunc(one)).join(', ')})
GROUP BY bucket, service, environment, version
)
GROUP BY bucket`;
    const rows = await this.#reader.rows<Row>(sql, params.values);
    return rows.map(({ bucket: index, total, found }) => ({
      bucket: index,
      total,
      hits: found.flatMap(([service, environment, version, hits]) =>
        hits.map(([search, records]) => ({ search, service, environment, version, records })),
      ),
    }));
  }
}

function collect(bucket: Bucket, found: Map<number, Hit[]>): void {
  for (const hit of bucket.hits) {
    const some = found.get(hit.search);
    if (some) some.push(hit);
    else found.set(hit.search, [hit]);
  }
}
