import { Counter, Gauge, type Registry } from 'prom-client';
import { BadInput, Unavailable } from '../../src/lib/errors.js';
import type { DropReason } from '../../src/model/signals.js';
import type { OtlpSignal } from './signal.js';
import type { DecodeReport } from './report.js';

export type Transport = 'http' | 'grpc';

export interface OtlpCounters {
  requests: Counter<'signal' | 'transport' | 'code'>;
  records: Counter<'signal'>;
  bytes: Counter<'signal'>;
  dropped: Counter<'signal' | 'reason'>;
  noted: Counter<'signal' | 'note'>;
  refused: Counter<'signal' | 'reason'>;
}

/** OTLP's own metrics. Labels come from closed sets only. */
export function createCounters(registry: Registry, inFlightBytes: () => number): OtlpCounters {
  const registers = [registry];
  new Gauge({
    name: 'lemni_otlp_in_flight_bytes',
    help: 'Bytes of OTLP requests between their first byte and the disk.',
    registers,
    collect() {
      this.set(inFlightBytes());
    },
  });
  return {
    requests: new Counter({
      name: 'lemni_otlp_requests_total',
      help: 'OTLP requests by the code they were answered with (HTTP status or gRPC code).',
      labelNames: ['signal', 'transport', 'code'],
      registers,
    }),
    records: new Counter({
      name: 'lemni_otlp_records_total',
      help: 'Log records, spans and data points that were stored.',
      labelNames: ['signal'],
      registers,
    }),
    bytes: new Counter({
      name: 'lemni_otlp_bytes_total',
      help: 'Bytes of OTLP bodies after decompression.',
      labelNames: ['signal'],
      registers,
    }),
    dropped: new Counter({
      name: 'lemni_otlp_dropped_total',
      help: 'Log records, spans and data points that were not kept, by reason.',
      labelNames: ['signal', 'reason'],
      registers,
    }),
    noted: new Counter({
      name: 'lemni_otlp_noted_total',
      help: 'Parts of records that were not kept as they were sent (cut, repaired, scrubbed), by what was done.',
      labelNames: ['signal', 'note'],
      registers,
    }),
    refused: new Counter({
      name: 'lemni_otlp_refused_requests_total',
      help: 'OTLP requests of which nothing was kept, by reason.',
      labelNames: ['signal', 'reason'],
      registers,
    }),
  };
}

export function countReport(counters: OtlpCounters, signal: OtlpSignal, report: DecodeReport): void {
  counters.records.inc({ signal }, report.accepted);
  for (const [reason, count] of Object.entries(report.rejects)) {
    if (count > 0) counters.dropped.inc({ signal, reason }, count);
  }
  for (const [note, count] of Object.entries(report.notes)) {
    if (count > 0) counters.noted.inc({ signal, note }, count);
  }
}

/** Why a whole request was refused. */
export function refusalOf(error: unknown): DropReason {
  if (error instanceof BadInput) {
    switch (error.code) {
      case 'too_large':
      case 'unauthenticated':
      case 'forbidden':
      case 'rate_limited':
        return error.code;
      case 'unsupported_media_type':
        return 'unsupported';
      case 'bad_request':
      case 'not_found':
      case 'conflict':
        return 'malformed';
    }
  }
  if (error instanceof Unavailable) {
    if (error.code === 'disk_full' || error.code === 'stopping') return error.code;
    return error.code === 'store_unavailable' ? 'store_rejected' : 'queue_full';
  }
  return 'store_rejected';
}
