import fc from 'fast-check';

/** Random OTLP messages in the form of their proto3 fields; 64-bit integers are decimal text. */
const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 300 }),
);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
export const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const double = fc.double();

export type Value = Record<string, unknown>;

const anyValue = fc.letrec<{ value: Value; entry: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ intValue: fc.integer().map(String) }),
    fc.record({ doubleValue: double }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 20 }) }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 4 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('entry'), { maxLength: 4 }) }) }),
  ),
  entry: fc.record({ key: text, value: tie('value') }, { requiredKeys: ['key'] }),
}));
const attributes = fc.uniqueArray(anyValue.entry, {
  maxLength: 6,
  selector: (entry) => entry['key'] as string,
});
const id = (size: number) =>
  fc.oneof(
    fc.uint8Array({ minLength: size, maxLength: size }),
    fc.uint8Array({ maxLength: size + 3 }),
    fc.constant(new Uint8Array(size)),
  );

const optional = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Value> =>
  fc.record(fields, { requiredKeys: [] });

const resource = fc.oneof(
  optional({ attributes }),
  fc
    .record({ name: text, version: text, environment: text, rest: attributes })
    .map(({ name, version, environment, rest }) => ({
      attributes: [
        ...rest.filter(
          ({ key }) => !String(key).startsWith('service.') && !String(key).startsWith('deployment.'),
        ),
        { key: 'service.name', value: { stringValue: name } },
        { key: 'service.version', value: { stringValue: version } },
        { key: 'deployment.environment.name', value: { stringValue: environment } },
      ],
    })),
);
const scope = optional({ name: text, version: text, attributes });

export const logRecord = optional({
  timeUnixNano: uint64,
  observedTimeUnixNano: uint64,
  severityNumber: fc.integer({ min: -2, max: 30 }),
  severityText: fc.oneof(text, fc.constantFrom('ERROR', 'warning', 'Info')),
  body: anyValue.value,
  attributes,
  flags: fc.nat(),
  traceId: id(16),
  spanId: id(8),
  eventName: text,
});

export const span = optional({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: id(8),
  traceState: text,
  name: text,
  kind: fc.integer({ min: 0, max: 7 }),
  startTimeUnixNano: uint64,
  endTimeUnixNano: uint64,
  attributes,
  events: fc.array(optional({ timeUnixNano: uint64, name: text, attributes }), { maxLength: 3 }),
  links: fc.array(optional({ traceId: id(16), spanId: id(8), traceState: text, attributes }), {
    maxLength: 3,
  }),
  status: optional({ message: text, code: fc.integer({ min: 0, max: 4 }) }),
});

const point = { timeUnixNano: uint64, attributes, flags: fc.constantFrom(0, 0, 0, 1) };
const temporality = fc.integer({ min: 0, max: 2 });
const numbers = fc.array(
  fc.oneof(optional({ ...point, asDouble: double }), optional({ ...point, asInt: int64 })),
  { maxLength: 4 },
);
const many = fc.array(uint64, { maxLength: 6 });
export const metric: fc.Arbitrary<Value> = fc
  .tuple(
    optional({ name: text, unit: fc.oneof(text, fc.constantFrom('s', 'By', '1')), description: text }),
    fc.oneof(
      fc.record({ gauge: fc.record({ dataPoints: numbers }) }),
      fc.record({
        sum: fc.record({
          dataPoints: numbers,
          aggregationTemporality: temporality,
          isMonotonic: fc.boolean(),
        }),
      }),
      fc.record({
        histogram: fc.record({
          aggregationTemporality: temporality,
          dataPoints: fc.array(
            optional({
              ...point,
              count: uint64,
              sum: double,
              bucketCounts: many,
              explicitBounds: fc.array(double, { maxLength: 5 }),
            }),
            { maxLength: 3 },
          ),
        }),
      }),
      fc.record({
        exponentialHistogram: fc.record({
          aggregationTemporality: temporality,
          dataPoints: fc.array(
            optional({
              ...point,
              count: uint64,
              sum: double,
              scale: fc.integer(),
              zeroCount: uint64,
              positive: optional({ offset: fc.integer(), bucketCounts: many }),
              negative: optional({ offset: fc.integer(), bucketCounts: many }),
              min: double,
              max: double,
              zeroThreshold: double,
            }),
            { maxLength: 3 },
          ),
        }),
      }),
      fc.record({
        summary: fc.record({
          dataPoints: fc.array(
            optional({
              ...point,
              count: uint64,
              sum: double,
              quantileValues: fc.array(optional({ quantile: double, value: double }), { maxLength: 4 }),
            }),
            { maxLength: 3 },
          ),
        }),
      }),
    ),
  )
  .map(([head, data]) => ({ ...head, ...data }));

const frame = (
  all: string,
  scopes: string,
  records: string,
  record: fc.Arbitrary<Value>,
): fc.Arbitrary<Value> =>
  fc.record({
    [all]: fc.array(
      optional({
        resource,
        schemaUrl: text,
        [scopes]: fc.array(
          optional({ scope, schemaUrl: text, [records]: fc.array(record, { maxLength: 5 }) }),
          {
            maxLength: 3,
          },
        ),
      }),
      { maxLength: 3 },
    ),
  });

export const requests = {
  logs: frame('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
  traces: frame('resourceSpans', 'scopeSpans', 'spans', span),
  metrics: frame('resourceMetrics', 'scopeMetrics', 'metrics', metric),
} as const;

/** The same message as OTLP/JSON: ids in hexadecimal, bytes in base64, NaN and infinities as text. */
export function toJson(message: unknown): string {
  return JSON.stringify(message, function (this: Value, key, value: unknown) {
    const raw = this[key];
    if (raw instanceof Uint8Array) {
      return Buffer.from(raw).toString(key === 'bytesValue' ? 'base64' : 'hex');
    }
    if (typeof raw === 'number' && !Number.isFinite(raw)) return String(raw);
    // JSON has no -0: senders write it as a number all the same.
    return Object.is(raw, -0) ? '-0' : value;
  });
}
