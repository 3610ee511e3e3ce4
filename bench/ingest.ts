import { runWorker, startLemni, temporaryDirectory, usageOf, type RunningLemni } from './process.js';
import { median, round, type Figure, type Section } from './report.js';
import type { EngineResult, EngineTask } from './workers/engine-alone.js';
import type { SendResult, SendTask } from './workers/sender.js';

export interface IngestOptions {
  readonly seconds: number;
  readonly rounds: number;
}

interface Round {
  readonly engineRate: number;
  readonly enginePerCpu: number;
  readonly rate: number;
  readonly perCpu: number;
  /** Of the sender and Lemni together, per CPU second of the whole machine. */
  readonly p50: number;
  readonly p99: number;
}

/** OTLP acknowledged and stored, beside the engine alone inserting the same rows, in turn. */
export async function benchIngest(signal: 'logs' | 'traces', options: IngestOptions): Promise<Section> {
  const rounds: Round[] = [];
  for (let i = 0; i < options.rounds; i++) rounds.push(await oneRound(signal, options));
  const of = (key: keyof Round): number => median(rounds.map((round) => round[key]));
  const word = signal === 'logs' ? 'log records' : 'spans';
  const ratio = median(rounds.map(({ rate, engineRate }) => rate / engineRate));
  const cpuRatio = median(rounds.map(({ perCpu, enginePerCpu }) => perCpu / enginePerCpu));
  const figures: Figure[] = [
    { what: `${word} stored a second, sender on the same machine`, value: round(of('rate')) },
    { what: `${word} a second, the engine alone`, value: round(of('engineRate')) },
    {
      what: 'ratio',
      value: round(ratio),
      ...(signal === 'logs' ? { target: 'at least 0.6', met: ratio >= 0.6 } : {}),
    },
    { what: `${word} a CPU second of Lemni`, value: round(of('perCpu')) },
    { what: `${word} a CPU second, the engine alone`, value: round(of('enginePerCpu')) },
    { what: 'ratio by CPU second', value: round(cpuRatio) },
    { what: 'a request of 1,000 at full load, p50', value: `${round(of('p50'))} ms` },
    { what: 'a request of 1,000 at full load, p99', value: `${round(of('p99'))} ms` },
  ];
  return {
    title: signal === 'logs' ? 'OTLP logs' : 'OTLP spans',
    how:
      `Requests of 1,000 ${word} of about 300 bytes with six attributes (OTLP/HTTP, protobuf) over eight connections for ` +
      `${options.seconds} s; counted are those acknowledged, over the time until all of them could be queried. The engine alone inserts ` +
      `the same rows, already decoded to RowBinary files of 50,000, into the same tables with the same views. Median of ${options.rounds} rounds, in turn.`,
    figures,
  };
}

async function oneRound(signal: 'logs' | 'traces', { seconds }: IngestOptions): Promise<Round> {
  const alone = temporaryDirectory();
  const task: EngineTask = { dataDir: alone.path, signal, seconds, rowsPerSegment: 50_000 };
  const engine = await runWorker<EngineResult>('engine-alone', task);
  alone.remove();

  const own = temporaryDirectory();
  const lemni = await startLemni(own.path);
  await send(lemni, { signal, seconds: 3 });
  await untilStored(lemni);
  const before = usageOf(lemni.pid);
  const started = performance.now();
  const sent = await send(lemni, { signal, seconds });
  await untilStored(lemni);
  const took = (performance.now() - started) / 1000;
  const cpu = usageOf(lemni.pid).cpuSeconds - before.cpuSeconds;
  await lemni.stop();
  own.remove();
  return {
    engineRate: engine.rows / engine.seconds,
    enginePerCpu: engine.rows / engine.cpuSeconds,
    rate: sent.acknowledged / took,
    perCpu: sent.acknowledged / cpu,
    p50: sent.p50,
    p99: sent.p99,
  };
}

export function send(
  lemni: RunningLemni,
  task: Partial<SendTask> & Pick<SendTask, 'signal' | 'seconds'>,
): Promise<SendResult> {
  return runWorker<SendResult>('sender', {
    url: lemni.url,
    connections: 8,
    recordsPerRequest: 1000,
    ...task,
  });
}

/** Until no segment waits: everything acknowledged can be queried. */
export async function untilStored(lemni: RunningLemni): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${lemni.url}/metrics`)).text();
    const waiting = /^lemni_store_spool_bytes(?:\{[^}]*\})? (\S+)$/m.exec(metrics)?.[1];
    if (waiting === undefined) throw new Error('/metrics has no lemni_store_spool_bytes.');
    if (Number(waiting) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
