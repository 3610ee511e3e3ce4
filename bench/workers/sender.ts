import { Agent, request } from 'undici';
import { seeded } from '../../src/lib/seeded.js';
import { logsBody, tracesBody } from '../payloads.js';

export interface SendTask {
  readonly url: string;
  readonly signal: 'logs' | 'traces';
  readonly seconds: number;
  readonly connections: number;
  readonly recordsPerRequest: number;
  /** Records a second over all connections; undefined: as fast as they are taken. */
  readonly rate?: number;
}

export interface SendResult {
  readonly acknowledged: number;
  readonly refused: number;
  readonly seconds: number;
  /** Milliseconds of each acknowledged request. */
  readonly p50: number;
  readonly p99: number;
  readonly cpuSeconds: number;
}

/** Sends prepared OTLP/protobuf bodies; what it spends on making them is not counted. */
async function run(task: SendTask): Promise<SendResult> {
  const random = seeded(42);
  const make = task.signal === 'logs' ? logsBody : tracesBody;
  const bodies = Array.from({ length: 64 }, () =>
    make({ records: task.recordsPerRequest, random, now: Date.now() }),
  );
  const dispatcher = new Agent({ connections: task.connections, pipelining: 1 });
  const target = `${task.url}/v1/${task.signal}`;
  const latencies: number[] = [];
  let acknowledged = 0;
  let refused = 0;
  let next = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + task.seconds * 1000;
  const pause = task.rate === undefined ? 0 : (1000 * task.recordsPerRequest * task.connections) / task.rate;
  const connection = async (): Promise<void> => {
    let due = performance.now() + Math.random() * pause;
    while (performance.now() < end) {
      if (pause > 0) {
        const wait = due - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        due += pause;
      }
      const at = performance.now();
      const { statusCode, body } = await request(target, {
        method: 'POST',
        dispatcher,
        headers: { 'content-type': 'application/x-protobuf' },
        body: bodies[next++ % bodies.length] ?? Buffer.alloc(0),
      });
      await body.dump();
      if (statusCode === 200) {
        acknowledged += task.recordsPerRequest;
        latencies.push(performance.now() - at);
      } else {
        refused += task.recordsPerRequest;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  await Promise.all(Array.from({ length: task.connections }, connection));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { acknowledged, refused, seconds, p50: at(0.5), p99: at(0.99), cpuSeconds: (user + system) / 1e6 };
}

process.once('message', (task) => {
  run(task as SendTask).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
