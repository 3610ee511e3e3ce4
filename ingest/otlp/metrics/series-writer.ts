import { RowBinaryBuffer } from '../../../src/lib/rowbinary.js';
import type { AttributeList } from '../attributes.js';
import type { DecodeContext } from '../context.js';
import type { ScopePlace } from '../envelope.js';
import { readMap, type Resource } from '../resource.js';
import { TableRows } from '../table-rows.js';
import {
  buildLabels,
  scopeLabels,
  targetInfoAttributes,
  targetLabels,
  withLabel,
  type Labels,
} from './labels.js';
import { Hash64 } from './series-id.js';
import type { Announcements, SeriesGroup, SeriesRegistry } from './series-registry.js';

export type MetricKind =
  'gauge' | 'counter' | 'updowncounter' | 'histogram' | 'exponential_histogram' | 'summary';

/** A metric as its series' rows tell it. */
export interface MetricHeader {
  /** The Prometheus name, without the suffixes of histograms and summaries. */
  readonly name: string;
  readonly otelName: string;
  readonly kind: MetricKind;
  readonly temporality: '' | 'cumulative' | 'delta';
  readonly unit: string;
  readonly description: string;
}

/** One of the series that a point becomes. */
interface Part {
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  readonly label?: readonly [name: string, value: string];
}

const sumAndCount: readonly Part[] = [{ suffix: '_sum' }, { suffix: '_count' }];

/** Series of a point in the order of their ids: buckets or quantiles first, then the sum and the count. */
function partsOf(kind: MetricKind, bounds: readonly number[]): readonly Part[] {
  switch (kind) {
    case 'histogram':
      return [
        ...[...bounds, Number.POSITIVE_INFINITY].map(
          (bound) => ({ suffix: '_bucket', label: ['le', labelNumber(bound)] }) as const,
        ),
        ...sumAndCount,
      ];
    case 'summary':
      return [
        ...bounds.map((quantile) => ({ suffix: '', label: ['quantile', labelNumber(quantile)] }) as const),
        ...sumAndCount,
      ];
    case 'exponential_histogram':
      return [{ suffix: '' }, ...sumAndCount];
    case 'gauge':
    case 'counter':
    case 'updowncounter':
      return [{ suffix: '' }];
  }
}

/** As Prometheus writes `le` and `quantile`. */
function labelNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

const targetInfo: MetricHeader = {
  name: 'target_info',
  otelName: '',
  kind: 'gauge',
  temporality: '',
  unit: '',
  description: 'Attributes of the resource.',
};

/** Finds the series of data points, and writes the rows of those that the store does not know yet. */
export class SeriesWriter {
  readonly #context: DecodeContext;
  readonly #registry: SeriesRegistry;
  readonly #rows: TableRows;
  readonly #announced = new Set<SeriesGroup>();
  readonly #hash = new Hash64();
  readonly #scratch = new RowBinaryBuffer(1024);
  #place: ScopePlace | undefined;
  #scopeLo = 0;
  #scopeHi = 0;
  #metricLo = 0;
  #metricHi = 0;
  #header: MetricHeader = targetInfo;

  constructor(context: DecodeContext, registry: SeriesRegistry) {
    this.#context = context;
    this.#registry = registry;
    this.#rows = new TableRows('metric_series', context.budget, 4096);
  }

  get rows(): TableRows {
    return this.#rows;
  }

  announcements(): Announcements {
    return { groups: this.#announced, at: this.#context.arrivalMs };
  }

  openScope(place: ScopePlace): void {
    this.#place = place;
    const { resource, scope, scopeSchemaUrl } = place;
    this.#hash.start().add(resource.attributesBlock).add(scope.attributesBlock);
    this.#hash.add(this.#text(scope.name, scope.version, scopeSchemaUrl));
    this.#scopeLo = this.#hash.lo;
    this.#scopeHi = this.#hash.hi;
  }

  openMetric(header: MetricHeader): void {
    this.#header = header;
    const { otelName, name, kind, temporality, unit, description } = header;
    this.#hash.start(this.#scopeLo, this.#scopeHi);
    this.#hash.add(this.#text(otelName, name, kind, temporality, unit, description));
    this.#metricLo = this.#hash.lo;
    this.#metricHi = this.#hash.hi;
  }

  /** The series of a point with these attributes and bounds. */
  group(list: AttributeList, bounds: readonly number[]): SeriesGroup {
    const { bytes } = this.#context.reader;
    const hash = this.#hash.start(this.#metricLo, this.#metricHi);
    for (let i = 0; i < list.count; i++) hash.add(bytes, list.start(i), list.end(i));
    for (const bound of bounds) hash.addWord(bound | 0).addWord((bound * 65_536) | 0);
    const { lo, hi } = hash.finish();
    const known = this.#registry.get(lo, hi);
    if (known && same(known.bounds, bounds)) {
      if (!this.#registry.isDue(known, this.#context.arrivalMs) || this.#announced.has(known)) return known;
      return this.#announce(known, this.#labels(list));
    }
    const labels = this.#labels(list);
    const ids = this.#ids(labels, bounds);
    return this.#announce(this.#registry.set(lo, hi, { ids, bounds: [...bounds] }), labels);
  }

  /** The series of `target_info` for a resource; undefined when there is nothing that it could say. */
  targetInfo(resource: Resource): SeriesGroup | undefined {
    const { lo, hi } = this.#hash
      .start()
      .add(this.#text('target_info'))
      .add(resource.attributesBlock)
      .finish();
    const known = this.#registry.get(lo, hi);
    if (known && (!this.#registry.isDue(known, this.#context.arrivalMs) || this.#announced.has(known))) {
      return known;
    }
    const own = [...targetInfoAttributes(resource)];
    if (own.length === 0) return undefined;
    this.#header = targetInfo;
    const labels = buildLabels(own, targetLabels(resource));
    const group = known ?? this.#registry.set(lo, hi, { ids: this.#ids(labels, []), bounds: [] });
    return this.#announce(group, labels, resource);
  }

  #labels(list: AttributeList): Labels {
    if (!this.#place) throw new Error('a point stands in a scope');
    const { resource, scope, scopeSchemaUrl } = this.#place;
    this.#scratch.truncate(0);
    this.#context.attributes.map(this.#scratch, list);
    return buildLabels(readMap(this.#scratch.view()), scopeLabels(resource, scope, scopeSchemaUrl));
  }

  #ids(labels: Labels, bounds: readonly number[]): Uint32Array {
    const parts = partsOf(this.#header.kind, bounds);
    const ids = new Uint32Array(2 * parts.length);
    for (const [i, part] of parts.entries()) {
      this.#identity(part, labels);
      const { lo, hi } = this.#hash.start().add(this.#scratch.memory, 0, this.#scratch.length).finish();
      ids[2 * i] = lo;
      ids[2 * i + 1] = hi;
    }
    return ids;
  }

  /** Name and Labels of one series into the scratch buffer. */
  #identity({ suffix, label }: Part, labels: Labels): void {
    const out = this.#scratch;
    const own = label ? withLabel(labels, label[0], label[1]) : labels;
    out.truncate(0);
    out.string(this.#header.name + suffix);
    out.varint(own.length);
    for (const [name, value] of own) {
      out.string(name);
      out.string(value);
    }
  }

  #announce(group: SeriesGroup, labels: Labels, resource = this.#place?.resource): SeriesGroup {
    const { kind, temporality, unit, description, otelName } = this.#header;
    const { arrivalMs } = this.#context;
    for (const [i, part] of partsOf(kind, group.bounds).entries()) {
      this.#identity(part, labels);
      const { out } = this.#rows;
      out.u64(group.ids[2 * i] ?? 0, group.ids[2 * i + 1] ?? 0);
      out.raw(this.#scratch.memory, 0, this.#scratch.length);
      out.string(kind);
      out.string(temporality);
      out.string(unit);
      out.string(description);
      out.string(otelName);
      out.string(resource?.service ?? '');
      out.raw(resource?.releaseBlock ?? Buffer.from([0, 0]));
      writeMilliseconds(out, arrivalMs);
      this.#rows.endRow();
    }
    this.#announced.add(group);
    return group;
  }

  #text(...texts: readonly string[]): Buffer {
    return Buffer.from(texts.join('\0'));
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A DateTime64(3). */
export function writeMilliseconds(out: RowBinaryBuffer, at: number): void {
  out.u64(at >>> 0, Math.floor(at / 0x1_0000_0000));
}
