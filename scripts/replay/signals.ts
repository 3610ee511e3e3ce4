/** What a data set is turned into before it is sent; times are Unix nanoseconds. */
export interface ReplayLog {
  readonly kind: 'log';
  readonly at: bigint;
  readonly service: string;
  readonly instance: string;
  readonly severity: string;
  readonly body: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ReplaySpan {
  readonly kind: 'span';
  /** When it ended: that is when an exporter sends it. */
  readonly at: bigint;
  readonly start: bigint;
  readonly service: string;
  readonly instance: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** OTLP SpanKind: 1 internal, 2 server, 3 client. */
  readonly spanKind: number;
}

export interface ReplayGauge {
  readonly kind: 'gauge';
  readonly at: bigint;
  readonly service: string;
  readonly instance: string;
  readonly values: readonly { readonly name: string; readonly unit: string; readonly value: number }[];
}

export type ReplaySignal = ReplayLog | ReplaySpan | ReplayGauge;

export interface DataSet {
  readonly name: string;
  /** Sorted by `at`. */
  readonly signals: readonly ReplaySignal[];
  /** Lines that could not be read, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}
