import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './place.js';
import { Child, inherited } from './process.js';
import { until } from './until.js';

export interface RunningLemni {
  readonly url: string;
  /** Logs a browser in, once. */
  readonly loginUrl: string;
  /** For the widget on the shop's page. */
  readonly publicKey: string;
  get<Answer>(path: string): Promise<Answer>;
  send<Answer>(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<Answer>;
  assertAlive(): void;
  stop(): Promise<void>;
  kill(): void;
}

export interface LemniOptions {
  readonly dataDir: string;
  readonly configFile: string;
  readonly port: number;
  readonly grpcPort: number;
}

const bin = join(root, 'bin/lemni');

/** Lemni as anybody starts it, and its API with a key as anybody makes one. */
export async function startLemni({
  dataDir,
  configFile,
  port,
  grpcPort,
}: LemniOptions): Promise<RunningLemni> {
  const env = {
    LEMNI_CONFIG: configFile,
    LEMNI_DATA_DIR: dataDir,
    LEMNI_PORT: String(port),
    LEMNI_GRPC_PORT: String(grpcPort),
  };
  const url = `http://127.0.0.1:${port}`;
  const run = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(bin, args, { cwd: root, env: { ...inherited(), ...env } });
    return stdout.trim();
  };
  const child = new Child({ name: 'Lemni', command: bin, args: ['serve'], env, cwd: root });
  try {
    await until('Lemni is ready', 60_000, async () => {
      child.assertAlive();
      return (await fetch(`${url}/-/ready`)).ok;
    });
    const key = await run('keys', 'create', '--scope', 'api', '--role', 'responder', '--name', 'demo');
    const publicKey = await run('keys', 'create', '--scope', 'public', '--name', 'shop page');
    const printed = /http\S+\/login\?token=\S+/.exec(child.said)?.[0];
    const loginUrl = printed ?? (await run('login-link'));
    return {
      url,
      loginUrl,
      publicKey,
      ...api(url, key),
      assertAlive: () => child.assertAlive(),
      stop: () => child.stop(),
      kill: () => child.kill(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

function api(url: string, key: string): Pick<RunningLemni, 'get' | 'send'> {
  const ask = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer;
  };
  return {
    get: (path) => ask('GET', path),
    send: (method, path, body) => ask(method, path, body),
  };
}
