import type { EncodedRows } from '../../src/model/rows/tables.js';
import type { DecodeContext } from './context.js';
import { scopesOf, Slices } from './envelope.js';
import { prometheusName } from './metrics/names.js';
import { Point } from './metrics/point.js';
import {
  readExponential,
  readHistogram,
  readNumber,
  readSummary,
  type ReadPoint,
} from './metrics/read-points.js';
import { SampleWriter } from './metrics/sample-writer.js';
import type { Announcements, SeriesRegistry } from './metrics/series-registry.js';
import { SeriesWriter, type MetricHeader, type MetricKind } from './metrics/series-writer.js';
import { readWord, type Resource } from './resource.js';

/** Field 1 of every kind of metric: its data points. */
const POINT = 0x0a;

interface KindOfData {
  readonly kind: MetricKind;
  readonly read: ReadPoint;
}

/** By the tag of Metric's `data` field. Fields 4, 6 and 8 were integer metrics, removed in 2021. */
const kinds: ReadonlyMap<number, KindOfData> = new Map([
  [0x2a, { kind: 'gauge', read: readNumber }],
  [0x3a, { kind: 'counter', read: readNumber }],
  [0x4a, { kind: 'histogram', read: readHistogram }],
  [0x52, { kind: 'exponential_histogram', read: readExponential }],
  [0x5a, { kind: 'summary', read: readSummary }],
]);

/**
 * ExportMetricsServiceRequest (opentelemetry-proto 1.11) into the series that Prometheus would make of it:
 * rows of metric_series for those that the registry does not know, metric_samples, and
 * metric_exponential_histograms. Exemplars are not kept.
 */
export function decodeMetrics(
  context: DecodeContext,
  registry: SeriesRegistry,
  initialBytes: number,
): { steps: Iterable<undefined>; finish(): { batches: EncodedRows[]; announcements: Announcements } } {
  const series = new SeriesWriter(context, registry);
  const samples = new SampleWriter(context, series, initialBytes);
  return {
    steps: steps(new MetricDecoder(context, series, samples), context),
    finish: () => ({
      batches: [series.rows, ...samples.tables].flatMap((rows) => rows.finish()),
      announcements: series.announcements(),
    }),
  };
}

function* steps(decoder: MetricDecoder, context: DecodeContext): Generator<undefined> {
  const { reader } = context;
  const slices = new Slices();
  for (const place of scopesOf(context, slices)) {
    if (place === undefined) {
      yield;
      continue;
    }
    decoder.openResource(place.resource);
    decoder.series.openScope(place);
    let next = place.start;
    while (next < place.end) {
      reader.pos = next;
      const tag = reader.varint(place.end);
      if (tag !== 0x12) {
        reader.skip(tag, place.end);
        next = reader.pos;
        continue;
      }
      next = reader.enter(place.end);
      yield* decoder.metric(reader.pos, next, slices);
    }
  }
  decoder.closeResource();
}

class MetricDecoder {
  readonly series: SeriesWriter;
  readonly #context: DecodeContext;
  readonly #samples: SampleWriter;
  readonly #point: Point;
  #resource: Resource | undefined;
  /** Of the resource's samples; its target_info has the same time. */
  #latest = 0;

  constructor(context: DecodeContext, series: SeriesWriter, samples: SampleWriter) {
    this.#context = context;
    this.series = series;
    this.#samples = samples;
    this.#point = new Point(context);
  }

  openResource(resource: Resource): void {
    if (resource === this.#resource) return;
    this.closeResource();
    this.#resource = resource;
  }

  closeResource(): void {
    if (this.#resource && this.#latest > 0) {
      const group = this.series.targetInfo(this.#resource);
      if (group) this.#samples.single(group, this.#latest, 1);
    }
    this.#resource = undefined;
    this.#latest = 0;
  }

  *metric(start: number, end: number, slices: Slices): Generator<undefined> {
    const { reader, report } = this.#context;
    const words = { name: '', description: '', unit: '' };
    let data: { of: KindOfData; start: number; end: number } | undefined;
    let unknown = false;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if ((tag & 7) !== 2) {
        reader.skip(tag, end);
        continue;
      }
      const fieldEnd = reader.enter(end);
      const fieldStart = reader.pos;
      const of = kinds.get(tag);
      if (tag === 0x0a) words.name = readWord(this.#context, fieldStart, fieldEnd);
      else if (tag === 0x12) words.description = readWord(this.#context, fieldStart, fieldEnd);
      else if (tag === 0x1a) words.unit = readWord(this.#context, fieldStart, fieldEnd);
      else if (of) data = { of, start: fieldStart, end: fieldEnd };
      else if (tag === 0x22 || tag === 0x32 || tag === 0x42) unknown = true;
      reader.pos = fieldEnd;
    }
    if (data) yield* this.#data(words, data.of, { start: data.start, end: data.end, slices });
    else if (unknown)
      report.reject('unsupported', `metric "${words.name.slice(0, 100)}": a type that was removed`);
  }

  *#data(
    words: { readonly name: string; readonly description: string; readonly unit: string },
    of: KindOfData,
    { start, end, slices }: { start: number; end: number; slices: Slices },
  ): Generator<undefined> {
    const { reader, report } = this.#context;
    const header = this.#header(words, of, start, end);
    this.series.openMetric(header);
    const point = this.#point;
    let next = start;
    while (next < end) {
      reader.pos = next;
      const tag = reader.varint(end);
      if (tag !== POINT) {
        reader.skip(tag, end);
        next = reader.pos;
        continue;
      }
      next = reader.enter(end);
      const pointStart = reader.pos;
      point.clear();
      of.read(reader, point, next);
      if (header.name === '') report.reject('malformed', 'a metric has no name');
      else if (this.#samples.point(header.kind, header.name, point)) {
        this.#latest = Math.max(this.#latest, point.writtenAt);
      }
      if (slices.spend(next - pointStart)) yield;
    }
  }

  #header(
    { name, description, unit }: { name: string; description: string; unit: string },
    of: KindOfData,
    start: number,
    end: number,
  ): MetricHeader {
    const { reader } = this.#context;
    let temporality = 0;
    let monotonic = false;
    reader.pos = start;
    // They come after the points on the wire, and are part of what the points are.
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === 0x10) temporality = reader.varint(end);
      else if (tag === 0x18) monotonic = reader.varint(end) !== 0;
      else reader.skip(tag, end);
    }
    const kind = of.kind === 'counter' && !monotonic ? 'updowncounter' : of.kind;
    const shape = kind === 'gauge' || kind === 'counter' ? kind : 'other';
    const timeless = kind === 'gauge' || kind === 'summary';
    return {
      name: prometheusName({ name, unit, kind: shape }),
      otelName: name,
      kind,
      temporality: timeless || temporality === 0 ? '' : temporality === 1 ? 'delta' : 'cumulative',
      unit,
      description,
    };
  }
}
