import protobuf from 'protobufjs';

/**
 * The part of opentelemetry-proto 1.11 that the tests send, as a reflection descriptor of our own: the oracle
 * that encodes what Lemni's hand-written decoder reads. Field numbers are the protocol's.
 */
type Fields = Record<string, [number, string]>;

function message(fields: Fields, oneofs: Record<string, string[]> = {}): protobuf.IType {
  const entries = Object.entries(fields).map(([name, [id, type]]) => {
    const [rule, plain] = type.startsWith('[]') ? ['repeated', type.slice(2)] : [undefined, type];
    return [name, rule === undefined ? { id, type: plain } : { rule, id, type: plain }];
  });
  return {
    fields: Object.fromEntries(entries),
    oneofs: Object.fromEntries(Object.entries(oneofs).map(([name, oneof]) => [name, { oneof }])),
  };
}

const number = {
  attributes: [7, '[]KeyValue'],
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  asInt: [6, 'sfixed64'],
  flags: [8, 'uint32'],
} satisfies Fields;

const root = protobuf.Root.fromJSON({
  nested: {
    AnyValue: message(
      {
        stringValue: [1, 'string'],
        boolValue: [2, 'bool'],
        intValue: [3, 'int64'],
        doubleValue: [4, 'double'],
        arrayValue: [5, 'ArrayValue'],
        kvlistValue: [6, 'KeyValueList'],
        bytesValue: [7, 'bytes'],
      },
      {
        value: [
          'stringValue',
          'boolValue',
          'intValue',
          'doubleValue',
          'arrayValue',
          'kvlistValue',
          'bytesValue',
        ],
      },
    ),
    ArrayValue: message({ values: [1, '[]AnyValue'] }),
    KeyValueList: message({ values: [1, '[]KeyValue'] }),
    KeyValue: message({ key: [1, 'string'], value: [2, 'AnyValue'] }),
    Resource: message({ attributes: [1, '[]KeyValue'], droppedAttributesCount: [2, 'uint32'] }),
    Scope: message({
      name: [1, 'string'],
      version: [2, 'string'],
      attributes: [3, '[]KeyValue'],
      droppedAttributesCount: [4, 'uint32'],
    }),
    LogRecord: message({
      timeUnixNano: [1, 'fixed64'],
      observedTimeUnixNano: [11, 'fixed64'],
      severityNumber: [2, 'int32'],
      severityText: [3, 'string'],
      body: [5, 'AnyValue'],
      attributes: [6, '[]KeyValue'],
      droppedAttributesCount: [7, 'uint32'],
      flags: [8, 'fixed32'],
      traceId: [9, 'bytes'],
      spanId: [10, 'bytes'],
      eventName: [12, 'string'],
    }),
    ScopeLogs: message({ scope: [1, 'Scope'], logRecords: [2, '[]LogRecord'], schemaUrl: [3, 'string'] }),
    ResourceLogs: message({
      resource: [1, 'Resource'],
      scopeLogs: [2, '[]ScopeLogs'],
      schemaUrl: [3, 'string'],
      instrumentationLibraryLogs: [1000, '[]ScopeLogs'],
    }),
    logs: message({ resourceLogs: [1, '[]ResourceLogs'] }),
    Event: message({
      timeUnixNano: [1, 'fixed64'],
      name: [2, 'string'],
      attributes: [3, '[]KeyValue'],
      droppedAttributesCount: [4, 'uint32'],
    }),
    Link: message({
      traceId: [1, 'bytes'],
      spanId: [2, 'bytes'],
      traceState: [3, 'string'],
      attributes: [4, '[]KeyValue'],
      flags: [6, 'fixed32'],
    }),
    Status: message({ message: [2, 'string'], code: [3, 'int32'] }),
    Span: message({
      traceId: [1, 'bytes'],
      spanId: [2, 'bytes'],
      traceState: [3, 'string'],
      parentSpanId: [4, 'bytes'],
      name: [5, 'string'],
      kind: [6, 'int32'],
      startTimeUnixNano: [7, 'fixed64'],
      endTimeUnixNano: [8, 'fixed64'],
      attributes: [9, '[]KeyValue'],
      events: [11, '[]Event'],
      links: [13, '[]Link'],
      status: [15, 'Status'],
      flags: [16, 'fixed32'],
    }),
    ScopeSpans: message({ scope: [1, 'Scope'], spans: [2, '[]Span'], schemaUrl: [3, 'string'] }),
    ResourceSpans: message({
      resource: [1, 'Resource'],
      scopeSpans: [2, '[]ScopeSpans'],
      schemaUrl: [3, 'string'],
      instrumentationLibrarySpans: [1000, '[]ScopeSpans'],
    }),
    traces: message({ resourceSpans: [1, '[]ResourceSpans'] }),
    NumberDataPoint: message(number, { value: ['asDouble', 'asInt'] }),
    Gauge: message({ dataPoints: [1, '[]NumberDataPoint'] }),
    Sum: message({
      dataPoints: [1, '[]NumberDataPoint'],
      aggregationTemporality: [2, 'int32'],
      isMonotonic: [3, 'bool'],
    }),
    HistogramDataPoint: message(
      {
        attributes: [9, '[]KeyValue'],
        startTimeUnixNano: [2, 'fixed64'],
        timeUnixNano: [3, 'fixed64'],
        count: [4, 'fixed64'],
        sum: [5, 'double'],
        bucketCounts: [6, '[]fixed64'],
        explicitBounds: [7, '[]double'],
        flags: [10, 'uint32'],
        min: [11, 'double'],
        max: [12, 'double'],
      },
      { _sum: ['sum'], _min: ['min'], _max: ['max'] },
    ),
    Histogram: message({ dataPoints: [1, '[]HistogramDataPoint'], aggregationTemporality: [2, 'int32'] }),
    Buckets: message({ offset: [1, 'sint32'], bucketCounts: [2, '[]uint64'] }),
    ExponentialHistogramDataPoint: message(
      {
        attributes: [1, '[]KeyValue'],
        startTimeUnixNano: [2, 'fixed64'],
        timeUnixNano: [3, 'fixed64'],
        count: [4, 'fixed64'],
        sum: [5, 'double'],
        scale: [6, 'sint32'],
        zeroCount: [7, 'fixed64'],
        positive: [8, 'Buckets'],
        negative: [9, 'Buckets'],
        flags: [10, 'uint32'],
        min: [12, 'double'],
        max: [13, 'double'],
        zeroThreshold: [14, 'double'],
      },
      { _sum: ['sum'], _min: ['min'], _max: ['max'] },
    ),
    ExponentialHistogram: message({
      dataPoints: [1, '[]ExponentialHistogramDataPoint'],
      aggregationTemporality: [2, 'int32'],
    }),
    ValueAtQuantile: message({ quantile: [1, 'double'], value: [2, 'double'] }),
    SummaryDataPoint: message({
      attributes: [7, '[]KeyValue'],
      startTimeUnixNano: [2, 'fixed64'],
      timeUnixNano: [3, 'fixed64'],
      count: [4, 'fixed64'],
      sum: [5, 'double'],
      quantileValues: [6, '[]ValueAtQuantile'],
      flags: [8, 'uint32'],
    }),
    Summary: message({ dataPoints: [1, '[]SummaryDataPoint'] }),
    Metric: message(
      {
        name: [1, 'string'],
        description: [2, 'string'],
        unit: [3, 'string'],
        gauge: [5, 'Gauge'],
        sum: [7, 'Sum'],
        histogram: [9, 'Histogram'],
        exponentialHistogram: [10, 'ExponentialHistogram'],
        summary: [11, 'Summary'],
      },
      { data: ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] },
    ),
    ScopeMetrics: message({ scope: [1, 'Scope'], metrics: [2, '[]Metric'], schemaUrl: [3, 'string'] }),
    ResourceMetrics: message({
      resource: [1, 'Resource'],
      scopeMetrics: [2, '[]ScopeMetrics'],
      schemaUrl: [3, 'string'],
      instrumentationLibraryMetrics: [1000, '[]ScopeMetrics'],
    }),
    metrics: message({ resourceMetrics: [1, '[]ResourceMetrics'] }),
    Partial: message({ rejected: [1, 'int64'], errorMessage: [2, 'string'] }),
    Response: message({ partialSuccess: [1, 'Partial'] }),
    RpcStatus: message({ code: [1, 'int32'], message: [2, 'string'] }),
  },
});

/** Encodes a request in the form of OTLP/JSON's field names; 64-bit integers may be strings. */
export function encodeRequest(signal: 'logs' | 'traces' | 'metrics', request: object): Buffer {
  const type = root.lookupType(signal);
  return Buffer.from(type.encode(type.fromObject(request)).finish());
}

/** Decodes an answer. */
export function decodeAnswer(type: 'Response' | 'RpcStatus', bytes: Uint8Array): Record<string, unknown> {
  const found = root.lookupType(type);
  return found.toObject(found.decode(bytes), { longs: String });
}

export const str = (key: string, stringValue: string): object => ({ key, value: { stringValue } });

/** The oracle's own decoder, for comparisons of speed. */
export function decodeRequest(signal: 'logs' | 'traces' | 'metrics', bytes: Uint8Array): object {
  return root.lookupType(signal).decode(bytes);
}
