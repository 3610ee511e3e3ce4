import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Root of the project, from dist/bench. */
export const root = new URL('../..', import.meta.url).pathname;

/** CPU seconds (user and system) and resident bytes of a process, from /proc. */
export function usageOf(pid: number): { cpuSeconds: number; residentBytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const resident = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  return { cpuSeconds: ticks / 100, residentBytes: resident };
}

export interface RunningLemni {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Milliseconds from spawn until /-/ready answered 200. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'lemni-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts the built Lemni as a user would, on free ports. */
export async function startLemni(dataDir: string, env: Record<string, string> = {}): Promise<RunningLemni> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  const started = performance.now();
  const child = spawn(join(root, 'bin/lemni'), ['serve'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      LEMNI_DATA_DIR: dataDir,
      LEMNI_PORT: String(port),
      LEMNI_GRPC_PORT: String(grpcPort),
      LEMNI_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`Lemni ended with ${child.exitCode}: ${said}`);
    if (performance.now() - started > 60_000) throw new Error(`Lemni was not ready in a minute: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const readyMs = performance.now() - started;
  if (child.pid === undefined) throw new Error('Lemni has no process id.');
  return { url, pid: child.pid, dataDir, readyMs, stop: () => stop(child) };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('No free port.');
  return address.port;
}

/** Runs a bench worker (`dist/bench/workers/NAME.js`) with JSON in and JSON out, in a process of its own. */
export async function runWorker<Answer>(name: string, task: unknown): Promise<Answer> {
  const child = fork(join(root, 'dist/bench/workers', `${name}.js`), [], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send(task as object); // A task is a plain object.
  const answer = new Promise<Answer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Answer)); // The worker's own contract.
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`The bench worker ${name} ended with ${String(code)}.`));
    });
  });
  const result = await answer;
  child.kill();
  return result;
}
