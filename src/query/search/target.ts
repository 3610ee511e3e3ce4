/** How a field is tested: what kind of value it is and where its SQL finds it. */
export type Column =
  /** Words, whatever their case. `indexed`: the column has a text index over lowerUTF8(sql). */
  | { readonly kind: 'text'; readonly sql: string }
  /** A string that is compared as it is; ignoring case when its values are a few known words. */
  | { readonly kind: 'word'; readonly sql: string; readonly ignoreCase?: boolean }
  /** SeverityNumber, and SeverityText for the records that have no number. */
  | { readonly kind: 'severity'; readonly text: string | undefined }
  /** A UInt64 that is a name, not a quantity. */
  | { readonly kind: 'id'; readonly sql: string }
  /** Nanoseconds. */
  | { readonly kind: 'duration'; readonly sql: string }
  | { readonly kind: 'list'; readonly sql: string }
  | { readonly kind: 'attribute'; readonly places: readonly AttributePlace[] };

export interface AttributePlace {
  /** A Map column, or an Array of Maps (`list`) of which any may match. */
  readonly map: string;
  readonly key: string;
  readonly list?: boolean;
}

/** A table that can be searched. */
export interface Target {
  /** What free words are looked for in. */
  readonly text: string | undefined;
  /** The column behind the name of a field; undefined: this table cannot answer for it. */
  column(field: string, value: string | undefined): Column | undefined;
}

const word = (sql: string): Column => ({ kind: 'word', sql });

const dimensions: Readonly<Record<string, Column>> = {
  service: word('ServiceName'),
  'service.name': word('ServiceName'),
  version: word('ServiceVersion'),
  'service.version': word('ServiceVersion'),
  env: word('Environment'),
  environment: word('Environment'),
  'deployment.environment': word('Environment'),
  'deployment.environment.name': word('Environment'),
};

const traceContext: Readonly<Record<string, Column>> = {
  trace_id: word('TraceId'),
  'trace.id': word('TraceId'),
  traceId: word('TraceId'),
  span_id: word('SpanId'),
  'span.id': word('SpanId'),
  spanId: word('SpanId'),
  scope: word('ScopeName'),
  'scope.name': word('ScopeName'),
  'scope.version': word('ScopeVersion'),
};

const severity: Column = { kind: 'severity', text: 'SeverityText' };
const body: Column = { kind: 'text', sql: 'Body' };
const pattern: Column = { kind: 'id', sql: 'Fingerprint' };

const logColumns: Readonly<Record<string, Column>> = {
  ...dimensions,
  ...traceContext,
  level: severity,
  severity,
  body,
  message: body,
  event: word('EventName'),
  'event.name': word('EventName'),
  fingerprint: pattern,
  pattern,
};

const operation = word('SpanName');
const spanColumns: Readonly<Record<string, Column>> = {
  ...dimensions,
  ...traceContext,
  name: operation,
  operation,
  kind: { kind: 'word', sql: 'SpanKind', ignoreCase: true },
  duration: { kind: 'duration', sql: 'Duration' },
  status_message: { kind: 'text', sql: 'StatusMessage' },
  parent_id: word('ParentSpanId'),
  parent_span_id: word('ParentSpanId'),
  event: { kind: 'list', sql: '`Events.Name`' },
};
const spanStatus: Column = { kind: 'word', sql: 'StatusCode', ignoreCase: true };

/** What `status` means beside the attribute of that name (HTTP semantic conventions, new and old). */
const statusKeys = ['status', 'http.response.status_code', 'http.status_code'] as const;

/** Own properties only: `constructor` is a field like any other. */
function known(columns: Readonly<Record<string, Column>>, field: string): Column | undefined {
  return Object.hasOwn(columns, field) ? columns[field] : undefined;
}

/**
 * `resource.x`, `attr.x` and `scope.x` say where to look; a bare name is looked up in the record's attributes
 * and in its resource's.
 */
function attribute(field: string, own: string, scope: string | undefined): Column {
  const [, prefix, key] = /^(resource|attr|scope)\.(.+)$/s.exec(field) ?? [];
  if (key !== undefined && prefix === 'resource') return places([{ map: 'ResourceAttributes', key }]);
  if (key !== undefined && prefix === 'attr') return places([{ map: own, key }]);
  if (key !== undefined && scope !== undefined) return places([{ map: scope, key }]);
  const keys = field === 'status' ? statusKeys : [field];
  return places([
    ...keys.map((name) => ({ map: own, key: name })),
    { map: 'ResourceAttributes', key: field },
    // Exceptions are span events; with an attribute's name they can be searched for like one.
    ...(own === 'SpanAttributes' && field.startsWith('exception.')
      ? [{ map: '`Events.Attributes`', key: field, list: true }]
      : []),
  ]);
}

function places(list: readonly AttributePlace[]): Column {
  return { kind: 'attribute', places: list };
}

/** `otel_logs`. */
export const logs: Target = {
  text: 'Body',
  column: (field) => known(logColumns, field) ?? attribute(field, 'LogAttributes', 'ScopeAttributes'),
};

/** `otel_traces`. `status:error` is the span's; `status:404` and `status>=500` the HTTP response's. */
export const spans: Target = {
  text: "concat(SpanName, '\\n', StatusMessage)",
  column: (field, value) =>
    field === 'status' && value !== undefined && /^(?:unset|ok|error)$/i.test(value)
      ? spanStatus
      : (known(spanColumns, field) ?? attribute(field, 'SpanAttributes', undefined)),
};

/** `log_minutes`: what a question must be made of to be answered from the rollup. */
export const logMinutes: Target = {
  text: undefined,
  column: (field) => {
    const column = known(logColumns, field);
    if (column?.kind === 'severity') return { kind: 'severity', text: undefined };
    const sql = column && 'sql' in column ? column.sql : '';
    return ['ServiceName', 'ServiceVersion', 'Environment', 'Fingerprint'].includes(sql) ? column : undefined;
  },
};
