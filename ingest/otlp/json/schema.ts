import type { OtlpSignal } from '../signal.js';

/** How a field is written in JSON and on the wire. */
export type Scalar =
  | 'string'
  | 'bool'
  | 'double'
  | 'int64'
  | 'uint64'
  | 'sint32'
  | 'uint32'
  | 'fixed64'
  | 'sfixed64'
  | 'fixed32'
  /** Hexadecimal of any case (OTLP's deviation from proto3 JSON). */
  | 'id'
  /** Base64. */
  | 'bytes'
  /** A number, or the name of one. */
  | 'enum';

export interface Field {
  readonly number: number;
  readonly type: Scalar | Message;
  readonly repeated: boolean;
}
export interface Message {
  /** By lowerCamelCase name and, since people send it, by the proto's own snake_case one. */
  readonly fields: Map<string, Field>;
}

type FieldSpec = readonly [number: number, type: Scalar | Message, repeated?: 'repeated'];

function message(specs: Readonly<Record<string, FieldSpec>> = {}): Message {
  const result: Message = { fields: new Map() };
  extend(result, specs);
  return result;
}

function extend({ fields }: Message, specs: Readonly<Record<string, FieldSpec>>): void {
  for (const [name, [number, type, repeated]] of Object.entries(specs)) {
    const field = { number, type, repeated: repeated !== undefined };
    fields.set(name, field);
    fields.set(
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      field,
    );
  }
}

const anyValue = message();
const keyValue = message({ key: [1, 'string'], value: [2, anyValue] });
extend(anyValue, {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  arrayValue: [5, message({ values: [1, anyValue, 'repeated'] })],
  kvlistValue: [6, message({ values: [1, keyValue, 'repeated'] })],
  bytesValue: [7, 'bytes'],
});
const resource = message({ attributes: [1, keyValue, 'repeated'] });
const scope = message({ name: [1, 'string'], version: [2, 'string'], attributes: [3, keyValue, 'repeated'] });

/** The frame that the three signals share, with the names of before version 0.15 at field 1000. */
function request(
  names: { all: string; scopes: string; old: string; records: string },
  record: Message,
): Message {
  const scoped = message({
    scope: [1, scope],
    instrumentationLibrary: [1, scope],
    [names.records]: [2, record, 'repeated'],
    schemaUrl: [3, 'string'],
  });
  const perResource = message({
    resource: [1, resource],
    [names.scopes]: [2, scoped, 'repeated'],
    schemaUrl: [3, 'string'],
    [names.old]: [1000, scoped, 'repeated'],
  });
  return message({ [names.all]: [1, perResource, 'repeated'] });
}

const logRecord = message({
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'enum'],
  severityText: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, keyValue, 'repeated'],
  flags: [8, 'fixed32'],
  traceId: [9, 'id'],
  spanId: [10, 'id'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
});

const span = message({
  traceId: [1, 'id'],
  spanId: [2, 'id'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'id'],
  name: [5, 'string'],
  kind: [6, 'enum'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, keyValue, 'repeated'],
  events: [
    11,
    message({ timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, keyValue, 'repeated'] }),
    'repeated',
  ],
  links: [
    13,
    message({
      traceId: [1, 'id'],
      spanId: [2, 'id'],
      traceState: [3, 'string'],
      attributes: [4, keyValue, 'repeated'],
    }),
    'repeated',
  ],
  status: [15, message({ message: [2, 'string'], code: [3, 'enum'] })],
});

const numberPoint = message({
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  asInt: [6, 'sfixed64'],
  attributes: [7, keyValue, 'repeated'],
  flags: [8, 'uint32'],
});
const histogramPoint = message({
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64', 'repeated'],
  explicitBounds: [7, 'double', 'repeated'],
  attributes: [9, keyValue, 'repeated'],
  flags: [10, 'uint32'],
});
const buckets = message({ offset: [1, 'sint32'], bucketCounts: [2, 'uint64', 'repeated'] });
const exponentialPoint = message({
  attributes: [1, keyValue, 'repeated'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'sint32'],
  zeroCount: [7, 'fixed64'],
  positive: [8, buckets],
  negative: [9, buckets],
  flags: [10, 'uint32'],
  min: [12, 'double'],
  max: [13, 'double'],
  zeroThreshold: [14, 'double'],
});
const summaryPoint = message({
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantileValues: [6, message({ quantile: [1, 'double'], value: [2, 'double'] }), 'repeated'],
  attributes: [7, keyValue, 'repeated'],
  flags: [8, 'uint32'],
});

function points(point: Message): Message {
  return message({
    dataPoints: [1, point, 'repeated'],
    aggregationTemporality: [2, 'enum'],
    isMonotonic: [3, 'bool'],
  });
}

const metric = message({
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, points(numberPoint)],
  sum: [7, points(numberPoint)],
  histogram: [9, points(histogramPoint)],
  exponentialHistogram: [10, points(exponentialPoint)],
  summary: [11, points(summaryPoint)],
});

/** What Lemni reads of each request (opentelemetry-proto 1.11); everything else in it is ignored. */
export const requests: Readonly<Record<OtlpSignal, Message>> = {
  logs: request(
    { all: 'resourceLogs', scopes: 'scopeLogs', old: 'instrumentationLibraryLogs', records: 'logRecords' },
    logRecord,
  ),
  traces: request(
    { all: 'resourceSpans', scopes: 'scopeSpans', old: 'instrumentationLibrarySpans', records: 'spans' },
    span,
  ),
  metrics: request(
    {
      all: 'resourceMetrics',
      scopes: 'scopeMetrics',
      old: 'instrumentationLibraryMetrics',
      records: 'metrics',
    },
    metric,
  ),
};

const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) =>
  ['', '2', '3', '4'].map((step) => name + step),
);

/** Names of enum values: OTLP/JSON allows numbers only, other proto3 JSON writers send these. */
export const enumNames: ReadonlyMap<string, number> = new Map([
  ...severities.map((name, i) => [`SEVERITY_NUMBER_${name}`, i + 1] as const),
  ['SEVERITY_NUMBER_UNSPECIFIED', 0],
  ...['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
    (name, i) => [`SPAN_KIND_${name}`, i] as const,
  ),
  ...['UNSET', 'OK', 'ERROR'].map((name, i) => [`STATUS_CODE_${name}`, i] as const),
  ...['UNSPECIFIED', 'DELTA', 'CUMULATIVE'].map((name, i) => [`AGGREGATION_TEMPORALITY_${name}`, i] as const),
]);
