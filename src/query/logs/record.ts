import { BadInput } from '../../lib/errors.js';
import type { LogRecord } from '../../http/contract/telemetry.js';
import { formatNs } from '../time-range.js';

/**
 * Tells records of the same nanosecond apart, whatever part they were merged into: maps may be stored in
 * another order of keys, hence mapSort. Records that are the same in everything share their id.
 */
export const rowHash =
  'cityHash64(ServiceName, SeverityNumber, TraceId, SpanId, Body, mapSort(LogAttributes), mapSort(ResourceAttributes))';

export const recordColumns = `toString(toUnixTimestamp64Nano(Timestamp)) AS ns, toString(${rowHash}) AS hash,
  TraceId, SpanId, SeverityText, SeverityNumber, ServiceName, Body, ResourceAttributes, ScopeName, ScopeVersion,
  ScopeAttributes, LogAttributes, EventName, ServiceVersion, Environment, toString(Fingerprint) AS Pattern`;

export interface RecordRow {
  readonly ns: string;
  readonly hash: string;
  readonly TraceId: string;
  readonly SpanId: string;
  readonly SeverityText: string;
  readonly SeverityNumber: number;
  readonly ServiceName: string;
  readonly Body: string;
  readonly ResourceAttributes: Record<string, string>;
  readonly ScopeName: string;
  readonly ScopeVersion: string;
  readonly ScopeAttributes: Record<string, string>;
  readonly LogAttributes: Record<string, string>;
  readonly EventName: string;
  readonly ServiceVersion: string;
  readonly Environment: string;
  readonly Pattern: string;
}

export function recordOf(row: RecordRow): LogRecord {
  return {
    id: recordId(row),
    timestamp: formatNs(row.ns),
    service: row.ServiceName,
    version: row.ServiceVersion,
    environment: row.Environment,
    severityNumber: row.SeverityNumber,
    severityText: row.SeverityText,
    body: row.Body,
    traceId: row.TraceId,
    spanId: row.SpanId,
    eventName: row.EventName,
    fingerprint: row.Pattern,
    attributes: row.LogAttributes,
    resource: row.ResourceAttributes,
    scope: { name: row.ScopeName, version: row.ScopeVersion, attributes: row.ScopeAttributes },
  };
}

/** When a record was, in Unix nanoseconds, and its hash; both decimal. */
export interface RecordKey {
  readonly ns: string;
  readonly hash: string;
}

/** 16 bytes in base64url: nanoseconds and hash, big endian. */
export function recordId({ ns, hash }: RecordKey): string {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt(ns), 0);
  bytes.writeBigUInt64BE(BigInt(hash), 8);
  return bytes.toString('base64url');
}

export function parseRecordId(id: string): RecordKey {
  const bytes = /^[A-Za-z0-9_-]{22}$/.test(id) ? Buffer.from(id, 'base64url') : Buffer.alloc(0);
  if (bytes.length !== 16)
    throw new BadInput('bad_request', 'This is not the id of a log record.', { at: 'id' });
  return { ns: bytes.readBigInt64BE(0).toString(), hash: bytes.readBigUInt64BE(8).toString() };
}
