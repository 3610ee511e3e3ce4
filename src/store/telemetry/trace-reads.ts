import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { ReadLimits, TelemetryReader } from './database.js';

/** A client span for each read, with its statement (database semantic conventions 1.37; it holds no values). */
export function traceReads(reader: TelemetryReader, tracer: Tracer): TelemetryReader {
  return {
    rows: <Row>(sql: string, params?: Readonly<Record<string, unknown>>, limits?: Partial<ReadLimits>) =>
      tracer.startActiveSpan('SELECT', { kind: SpanKind.CLIENT }, async (span) => {
        if (span.isRecording()) {
          span.setAttribute('db.system.name', 'clickhouse');
          span.setAttribute('db.query.text', sql.slice(0, 4000));
        }
        try {
          return await reader.rows<Row>(sql, params, limits);
        } catch (error) {
          span.recordException(error instanceof Error ? error : String(error));
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      }),
  };
}
