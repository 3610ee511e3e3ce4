import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DropReason } from '../../model/signals.js';

/** What the writer tells about itself. */
export interface WriterMetrics {
  stored(table: string, rows: number, bytes: number): void;
  inserted(table: string, rows: number, seconds: number): void;
  committed(seconds: number): void;
  retried(table: string, reason: 'unavailable' | 'memory'): void;
  refused(reason: DropReason): void;
  dropped(table: string, reason: DropReason, rows: number): void;
  /** Bytes not yet on disk, bytes of segments on disk, and how many segments wait. */
  waiting(inFlightBytes: number, spoolBytes: number, segments: number): void;
}

/** What the readers tell about themselves. */
export interface ReadMetrics {
  /** A query starts; call the result when it ended. */
  started(): (outcome: 'ok' | 'error') => void;
  refused(): void;
  waiting(reads: number): void;
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createWriterMetrics(registry: Registry): WriterMetrics {
  const registers = [registry];
  const byTable = ['table'] as const;
  const rows = new Counter({
    name: 'lemni_store_rows_total',
    help: 'Rows that are safe on disk and were acknowledged.',
    labelNames: byTable,
    registers,
  });
  const bytes = new Counter({
    name: 'lemni_store_bytes_total',
    help: 'Bytes of these rows in RowBinary.',
    labelNames: byTable,
    registers,
  });
  const insertedRows = new Counter({
    name: 'lemni_store_inserted_rows_total',
    help: 'Rows that were inserted into the database, those of segments of an earlier process too.',
    labelNames: byTable,
    registers,
  });
  const insertSeconds = new Histogram({
    name: 'lemni_store_insert_seconds',
    help: 'Time of inserting one segment.',
    labelNames: byTable,
    buckets: seconds,
    registers,
  });
  const commitSeconds = new Histogram({
    name: 'lemni_store_commit_seconds',
    help: 'Time of making one group of batches safe on disk.',
    buckets: seconds,
    registers,
  });
  const retries = new Counter({
    name: 'lemni_store_insert_retries_total',
    help: 'Inserts that failed and will be tried again.',
    labelNames: ['table', 'reason'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'lemni_store_refused_total',
    help: 'Requests that were asked to come back, by reason.',
    labelNames: ['reason'] as const,
    registers,
  });
  const dropped = new Counter({
    name: 'lemni_store_dropped_rows_total',
    help: 'Acknowledged rows that the database refuses for ever; kept in spool/rejected while there is room.',
    labelNames: ['table', 'reason'] as const,
    registers,
  });
  const inFlight = new Gauge({
    name: 'lemni_store_in_flight_bytes',
    help: 'Bytes that wait to be written to disk.',
    registers,
  });
  const spool = new Gauge({
    name: 'lemni_store_spool_bytes',
    help: 'Bytes on disk that wait to be inserted.',
    registers,
  });
  const segments = new Gauge({
    name: 'lemni_store_spool_segments',
    help: 'Segments on disk that wait to be inserted.',
    registers,
  });
  return {
    stored: (table, count, size) => {
      rows.inc({ table }, count);
      bytes.inc({ table }, size);
    },
    inserted: (table, count, duration) => {
      insertedRows.inc({ table }, count);
      insertSeconds.observe({ table }, duration);
    },
    committed: (duration) => commitSeconds.observe(duration),
    retried: (table, reason) => retries.inc({ table, reason }),
    refused: (reason) => refused.inc({ reason }),
    dropped: (table, reason, count) => dropped.inc({ table, reason }, count),
    waiting: (inFlightBytes, spoolBytes, count) => {
      inFlight.set(inFlightBytes);
      spool.set(spoolBytes);
      segments.set(count);
    },
  };
}

export function createReadMetrics(registry: Registry): ReadMetrics {
  const registers = [registry];
  const duration = new Histogram({
    name: 'lemni_store_read_seconds',
    help: 'Time of a query, waiting for a connection not included.',
    labelNames: ['outcome'] as const,
    buckets: seconds,
    registers,
  });
  const running = new Gauge({
    name: 'lemni_store_reads_running',
    help: 'Queries that run now.',
    registers,
  });
  const waiting = new Gauge({
    name: 'lemni_store_reads_waiting',
    help: 'Reads that wait for a connection.',
    registers,
  });
  const refused = new Counter({
    name: 'lemni_store_reads_refused_total',
    help: 'Reads that were refused because too many waited.',
    registers,
  });
  return {
    started: () => {
      running.inc();
      const stop = duration.startTimer();
      return (outcome) => {
        running.dec();
        stop({ outcome });
      };
    },
    refused: () => refused.inc(),
    waiting: (reads) => waiting.set(reads),
  };
}
