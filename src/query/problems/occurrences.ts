import type { SignaturePart } from '../../model/problems.js';
import { timeWithin } from '../errors/groups.js';
import type { SqlParams } from '../sql.js';

/** A time in which a part's occurrences count. Unix milliseconds, half-open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A part that telemetry can be asked for, and when. */
export interface Asked {
  readonly part: SignaturePart;
  /** Empty: any. */
  readonly environment: string;
  /** These versions only, or all but these; undefined: any. */
  readonly versions?: readonly string[] | undefined;
  readonly notVersions?: readonly string[] | undefined;
  readonly spans: readonly Span[];
}

/**
 * The rows of the store that show a part: a FROM and WHERE with the columns `at` (DateTime64), `trace`, `user`
 * and `session`; undefined when telemetry has none of it (what people said is asked for otherwise).
 */
export function occurrencesSql(asked: Asked, params: SqlParams): string | undefined {
  const { part, spans } = asked;
  if (spans.length === 0) return undefined;
  switch (part.kind) {
    case 'alert':
      return `SELECT Timestamp AS at, TraceId AS trace,
  if(SpanAttributes['user.id'] != '', SpanAttributes['user.id'], SpanAttributes['enduser.id']) AS user,
  SpanAttributes['session.id'] AS session
FROM otel_traces WHERE ServiceName = ${params.string(part.service)} AND StatusCode = 'Error'
  AND ${isRequest}${operation(part.operation, params)}${place(asked, params)} AND ${sorted(spans, params)}`;
    case 'error_group':
      return `SELECT Timestamp AS at, TraceId AS trace, UserId AS user, SessionId AS session
FROM error_events WHERE ServiceName = ${params.string(part.service)} AND Fingerprint = ${params.uint(part.fingerprint)}${place(asked, params)} AND ${times(spans, params)}`;
    case 'pattern':
      return `SELECT Timestamp AS at, TraceId AS trace, LogAttributes['user.id'] AS user,
  LogAttributes['session.id'] AS session
FROM otel_logs WHERE ServiceName = ${params.string(part.service)} AND Fingerprint = ${params.uint(part.fingerprint)}${place(asked, params)} AND ${sorted(spans, params)}`;
    case 'feedback':
    case 'feedback_group':
      return undefined;
  }
}

/** What the part could have been seen in: the requests of its service, or of its operation. */
export function requestsSql(asked: Asked, params: SqlParams): string | undefined {
  const { part, spans } = asked;
  if (spans.length === 0 || part.kind === 'feedback' || part.kind === 'feedback_group') return undefined;
  const named = part.kind === 'alert' ? operation(part.operation, params) : '';
  return `SELECT Timestamp AS at FROM otel_traces
WHERE ServiceName = ${params.string(part.service)} AND ${isRequest}${named}${place(asked, params)} AND ${sorted(spans, params)}`;
}

/** For services that send no spans, and for what is seen in logs: all their log records. */
export function recordsSql(asked: Asked, params: SqlParams): string | undefined {
  const { part, spans } = asked;
  if (spans.length === 0 || (part.kind !== 'pattern' && part.kind !== 'error_group')) return undefined;
  return `SELECT Timestamp AS at FROM otel_logs
WHERE ServiceName = ${params.string(part.service)}${place(asked, params)} AND ${sorted(spans, params)}`;
}

/** The same condition for a request as in the rollup's view: server and consumer spans, and roots of any kind. */
const isRequest = "(SpanKind IN ('Server', 'Consumer') OR ParentSpanId = '')";

function operation(name: string, params: SqlParams): string {
  return name === '' ? '' : ` AND SpanName = ${params.string(name)}`;
}

function place({ environment, versions, notVersions }: Asked, params: SqlParams): string {
  return [
    environment === '' ? '' : ` AND Environment = ${params.string(environment)}`,
    versions === undefined ? '' : ` AND ServiceVersion IN ${params.strings(versions)}`,
    notVersions === undefined ? '' : ` AND ServiceVersion NOT IN ${params.strings(notVersions)}`,
  ].join('');
}

function times(spans: readonly Span[], params: SqlParams): string {
  const each = spans.map(({ from, to }) => timeWithin('Timestamp', { fromMs: from, toMs: to }, params));
  return `(${each.map((one) => `(${one})`).join(' OR ')})`;
}

/** With the bounds that the primary key of spans and logs needs, around all of them. */
function sorted(spans: readonly Span[], params: SqlParams): string {
  const fromMs = Math.min(...spans.map(({ from }) => from));
  const toMs = Math.max(...spans.map(({ to }) => to));
  const around = params.within({ fromMs, toMs });
  return spans.length === 1 ? around : `${around} AND ${times(spans, params)}`;
}
