import { isUtf8 } from 'node:buffer';
import type { Registry } from 'prom-client';
import { Unavailable } from '../../src/lib/errors.js';
import type { Clock } from '../../src/lib/clock.js';
import type { EncodedRows } from '../../src/model/rows/tables.js';
import type { Scrubber } from '../scrub/scrubber.js';
import type { TelemetrySink } from '../sink.js';
import { DecodeContext } from './context.js';
import { countReport, createCounters, type OtlpCounters } from './counters.js';
import { InFlight, type Reservation } from './in-flight.js';
import { transcodeJson } from './json/transcode.js';
import { decodeLogs } from './logs.js';
import { decodeMetrics } from './metrics.js';
import type { Announcements, SeriesRegistry } from './metrics/series-registry.js';
import type { DecodeLimits } from './options.js';
import type { GiveWay, IngestConfig } from './ports.js';
import type { DecodeReport } from './report.js';
import type { OtlpEncoding, OtlpSignal } from './signal.js';
import { TableRows } from './table-rows.js';
import { decodeTraces } from './traces.js';

export interface OtlpIntakeDeps {
  readonly sink: TelemetrySink;
  readonly config: IngestConfig;
  readonly scrubber: Scrubber;
  readonly clock: Pick<Clock, 'now'>;
  readonly registry: Registry;
  readonly seriesRegistry: SeriesRegistry;
  readonly giveWay?: GiveWay;
}

export interface OtlpRequest {
  readonly signal: OtlpSignal;
  readonly encoding: OtlpEncoding;
  /** Decompressed. */
  readonly body: Buffer;
  readonly reservation: Reservation;
}

/** Where both transports meet: decode, store, count. One for the process. */
export interface OtlpIntake {
  readonly inFlight: InFlight;
  readonly counters: OtlpCounters;
  /** Resolves when everything that was accepted is safe; throws BadInput or Unavailable when nothing was. */
  accept(request: OtlpRequest): Promise<DecodeReport>;
  /** From now on everything is answered with `Unavailable`, while what is under way is finished. */
  stop(): void;
}

const immediately: GiveWay = () => new Promise((resolve) => setImmediate(resolve));

export function createOtlpIntake(deps: OtlpIntakeDeps): OtlpIntake {
  const { config, sink, scrubber, clock, seriesRegistry } = deps;
  const giveWay = deps.giveWay ?? immediately;
  const inFlight = new InFlight(config.maxInFlightBytes);
  const counters = createCounters(deps.registry, () => inFlight.bytes);
  const limits: DecodeLimits = {
    maxAttributes: config.maxAttributes,
    maxAttributeBytes: config.maxAttributeBytes,
    maxBodyBytes: config.maxBodyBytes,
    maxFutureMs: config.maxFuture,
    maxEncodedBytes: 3 * config.maxDecompressedBody,
  };
  let stopping = false;

  return {
    inFlight,
    counters,
    stop: () => {
      stopping = true;
    },
    async accept({ signal, encoding, body, reservation }) {
      if (stopping) throw new Unavailable('stopping', 'Lemni is stopping: send again in a moment.');
      counters.bytes.inc({ signal }, body.length);
      const bytes = encoding === 'json' ? await gently(transcodeJson(signal, body), giveWay) : body;
      const context = new DecodeContext(bytes, { limits, scrubber, arrivalMs: clock.now() });
      // Protobuf's texts are looked at by the decoder; JSON's were repaired when they became one text.
      if (encoding === 'json' && !isUtf8(body)) context.report.note('invalid_utf8');
      const decoding = startDecoding(signal, context, seriesRegistry);
      for (const _ of decoding.steps) await giveWay();
      const { batches, announcements } = decoding.finish();
      if (batches.length > 0) {
        const rows = batches.reduce((sum, batch) => sum + batch.bytes.length, 0);
        reservation.hold(body.length + (bytes === body ? 0 : bytes.length) + rows);
        await sink.store(batches);
        // Only now: a series whose row was lost must be announced again.
        if (announcements) seriesRegistry.confirm(announcements);
      }
      countReport(counters, signal, context.report);
      return context.report;
    },
  };
}

/** Runs a generator to its end, giving way at each of its steps. */
async function gently<Result>(steps: Generator<undefined, Result>, giveWay: GiveWay): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await giveWay();
  }
}

interface Decoding {
  /** Each step is a slice of work after which the caller may give way. */
  readonly steps: Iterable<undefined>;
  finish(): { batches: EncodedRows[]; announcements?: Announcements };
}

/** The decoder of a signal; without side effects until its steps are taken. */
export function startDecoding(
  signal: OtlpSignal,
  context: DecodeContext,
  seriesRegistry: SeriesRegistry,
): Decoding {
  // Rows are one to two times as large as their request; what turns out larger is handed on in parts.
  const size = 4096 + 2 * context.reader.bytes.length;
  if (signal === 'metrics') return decodeMetrics(context, seriesRegistry, size);
  const rows = new TableRows(signal === 'logs' ? 'otel_logs' : 'otel_traces', context.budget, size);
  const steps = signal === 'logs' ? decodeLogs(context, rows) : decodeTraces(context, rows);
  return { steps, finish: () => ({ batches: rows.finish() }) };
}
