import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ClickHouseHttp {
  readonly url: string;
  readonly port: number;
  /** The next inserts are carried out, but the client never hears of it. */
  loseAnswers(count: number): Promise<void>;
  /** Connections stay open and nothing answers, as when the network swallows packets. */
  pause(): void;
  resume(): void;
  /** kill -9, as a server goes away. */
  kill(): Promise<void>;
}

/** Starts the test program of server.mjs over the data in `path`; see there for what it cannot show. */
export async function startClickHouseHttp(path: string, port = 0): Promise<ClickHouseHttp> {
  const program = fileURLToPath(new URL('server.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, '--path', path, '--port', String(port)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([
    once(lines, 'line'),
    exited.then(() => Promise.reject(new Error('the test program of ClickHouse over HTTP did not start'))),
  ])) as [string];
  const listening = (JSON.parse(line) as { port: number }).port;
  const url = `http://127.0.0.1:${listening}`;
  return {
    url,
    port: listening,
    loseAnswers: async (count) => {
      await fetch(`${url}/-/lose-answers?count=${count}`, { method: 'POST' });
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
