import type { DecodeContext } from '../context.js';
import { uint64Number } from '../numbers.js';
import { TableRows } from '../table-rows.js';
import { ExponentialWriter } from './exponential.js';
import type { Point } from './point.js';
import { maxBuckets } from './read-points.js';
import type { SeriesGroup } from './series-registry.js';
import { writeMilliseconds, type MetricKind, type SeriesWriter } from './series-writer.js';

/** Writes what a point says as samples of its series. */
export class SampleWriter {
  readonly #context: DecodeContext;
  readonly #series: SeriesWriter;
  readonly #rows: TableRows;
  readonly #exponential: ExponentialWriter;

  constructor(context: DecodeContext, series: SeriesWriter, initialBytes: number) {
    this.#context = context;
    this.#series = series;
    this.#rows = new TableRows('metric_samples', context.budget, initialBytes);
    this.#exponential = new ExponentialWriter(context);
  }

  get tables(): readonly TableRows[] {
    return [this.#rows, this.#exponential.rows];
  }

  /** False when the point was refused. */
  point(kind: MetricKind, name: string, point: Point): boolean {
    const why = this.#problem(kind, point);
    if (why !== '') {
      const reason = why.startsWith('more than') ? 'too_large' : 'malformed';
      this.#context.report.reject(reason, `metric "${name.slice(0, 100)}": ${why}`);
      return false;
    }
    const group = this.#series.group(point.attributes, point.bounds);
    const at = point.milliseconds();
    point.writtenAt = at;
    switch (kind) {
      case 'histogram':
        this.#histogram(group, at, point);
        break;
      case 'summary':
        for (const [i, value] of point.counts.entries()) this.#write(group, i, at, point, value);
        this.#sumAndCount(group, at, point);
        break;
      case 'exponential_histogram':
        if (!point.isStale) this.#exponential.write(group, at, point);
        this.#sumAndCount(group, at, point);
        break;
      case 'gauge':
      case 'counter':
      case 'updowncounter':
        this.#write(group, 0, at, point, point.value ?? 0);
    }
    this.#context.report.accepted++;
    return true;
  }

  /** One sample of the group's first series. */
  single(group: SeriesGroup, at: number, value: number): void {
    const { out } = this.#rows;
    out.u64(group.ids[0] ?? 0, group.ids[1] ?? 0);
    writeMilliseconds(out, at);
    out.f64(value);
    this.#rows.endRow();
  }

  #problem(kind: MetricKind, point: Point): string {
    if (point.bounds.length > maxBuckets || point.counts.length > maxBuckets + 1) {
      return `more than ${maxBuckets} buckets`;
    }
    if (kind === 'exponential_histogram') return this.#exponential.problem(point);
    if (kind === 'histogram') {
      const { bounds, counts } = point;
      if (counts.length === 0 && bounds.length > 0) return 'it has bounds but no buckets';
      if (counts.length > 0 && counts.length !== bounds.length + 1) {
        return `${counts.length} buckets do not fit ${bounds.length} bounds`;
      }
      for (let i = 1; i < bounds.length; i++) {
        if (!((bounds[i] as number) > (bounds[i - 1] as number))) return 'its bounds do not rise'; // Inside.
      }
      return '';
    }
    if (kind === 'summary') return '';
    return point.value === undefined && !point.isStale ? 'a data point has no value' : '';
  }

  /** Buckets are cumulative in Prometheus; the last one, `+Inf`, is the count. */
  #histogram(group: SeriesGroup, at: number, point: Point): void {
    let total = 0;
    for (let i = 0; i < point.bounds.length; i++) {
      total += point.counts[i] ?? 0;
      this.#write(group, i, at, point, total);
    }
    this.#write(group, point.bounds.length, at, point, uint64Number(point.countLo, point.countHi));
    this.#sumAndCount(group, at, point);
  }

  /** The last two series of the group. A histogram of negative values has no sum. */
  #sumAndCount(group: SeriesGroup, at: number, point: Point): void {
    const count = group.ids.length / 2 - 1;
    if (point.value !== undefined || point.isStale)
      this.#write(group, count - 1, at, point, point.value ?? 0);
    this.#write(group, count, at, point, uint64Number(point.countLo, point.countHi));
  }

  #write(group: SeriesGroup, index: number, at: number, point: Point, value: number): void {
    const { out } = this.#rows;
    out.u64(group.ids[2 * index] ?? 0, group.ids[2 * index + 1] ?? 0);
    writeMilliseconds(out, at);
    // Prometheus' stale marker is one certain NaN; written as bits, since a double might lose them.
    if (point.isStale) out.u64(0x0000_0002, 0x7ff0_0000);
    else out.f64(value);
    this.#rows.endRow();
  }
}
