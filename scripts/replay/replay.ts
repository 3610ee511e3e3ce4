import { toRequests } from './otlp.js';
import { send, type SendOptions } from './send.js';
import type { DataSet, ReplaySignal } from './signals.js';

export interface ReplayOptions extends SendOptions {
  /** 1 = at its own pace, N = N times as fast, Infinity = as fast as it is taken. */
  readonly speed: number;
  readonly environment: string;
  readonly replayId: string;
  readonly now: () => number;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

export interface ReplayProgress {
  readonly sent: number;
  readonly total: number;
  readonly seconds: number;
}

export interface ServiceCounts {
  logs: number;
  spans: number;
  gauges: number;
}

export interface ReplayReport {
  readonly dataSet: string;
  readonly replayId: string;
  readonly environment: string;
  /** What was added to the recorded times, ms. */
  readonly shiftMs: number;
  /** RFC 3339: the shifted times of the first and the last signal. */
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly requests: number;
  readonly sent: ServiceCounts;
  readonly services: Readonly<Record<string, ServiceCounts>>;
  readonly skipped: Readonly<Record<string, number>>;
}

const batchItems = 1000;

/**
 * Sends a data set through OTLP. Its times are shifted so that the last signal happens when it is sent; the
 * distances between signals stay, so that charts look as they did.
 */
export async function replay(data: DataSet, options: ReplayOptions): Promise<ReplayReport> {
  const [first] = data.signals;
  const last = data.signals.at(-1);
  if (!first || !last) throw new Error('The data set holds no signals.');
  const started = options.now();
  const spanMs = Number((last.at - first.at) / 1_000_000n);
  const takesMs = Number.isFinite(options.speed) ? spanMs / options.speed : 0;
  const shift = BigInt(Math.round(started + takesMs)) * 1_000_000n - last.at;

  const total: ServiceCounts = { logs: 0, spans: 0, gauges: 0 };
  const services: Record<string, ServiceCounts> = {};
  let requests = 0;
  let sent = 0;
  for (const batch of batches(data.signals, options.speed)) {
    const due = started + takesMs * progressOf(batch, first.at, last.at);
    if (due > options.now()) await options.sleep(due - options.now());
    for (const request of toRequests(batch, shift, options)) {
      await send(request, options);
      requests++;
    }
    for (const signal of batch) {
      const counts = (services[signal.service] ??= { logs: 0, spans: 0, gauges: 0 });
      const kind = signal.kind === 'log' ? 'logs' : signal.kind === 'span' ? 'spans' : 'gauges';
      counts[kind]++;
      total[kind]++;
    }
    sent += batch.length;
    options.onProgress?.({ sent, total: data.signals.length, seconds: (options.now() - started) / 1000 });
  }
  return {
    dataSet: data.name,
    replayId: options.replayId,
    environment: options.environment,
    shiftMs: Number(shift / 1_000_000n),
    from: new Date(Number((first.at + shift) / 1_000_000n)).toISOString(),
    to: new Date(Number((last.at + shift) / 1_000_000n)).toISOString(),
    seconds: (options.now() - started) / 1000,
    requests,
    sent: total,
    services,
    skipped: data.skipped,
  };
}

function progressOf(batch: readonly ReplaySignal[], first: bigint, last: bigint): number {
  const at = batch.at(-1)?.at ?? first;
  return last === first ? 1 : Number(at - first) / Number(last - first);
}

/** At most 1,000 signals and, at a pace, at most what half a second of the replay brings. */
function* batches(signals: readonly ReplaySignal[], speed: number): Generator<readonly ReplaySignal[]> {
  const windowNs = Number.isFinite(speed) ? BigInt(Math.round(500_000_000 * speed)) : undefined;
  let start = 0;
  for (let i = 1; i <= signals.length; i++) {
    const begin = signals[start];
    const next = signals[i];
    const late = windowNs !== undefined && begin && next && next.at - begin.at > windowNs;
    if (i - start >= batchItems || late === true || next === undefined) {
      yield signals.slice(start, i);
      start = i;
    }
  }
}
