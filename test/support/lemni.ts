import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface StartOptions {
  /** Kept over restarts; a new temporary directory when none is given. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly grpcPort?: number;
}

/** The built product in a process of its own, as a user starts it. */
export class Lemni {
  readonly url: string;
  readonly port: number;
  readonly grpcPort: number;
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #said: { out: string; err: string };

  private constructor(child: ChildProcess, place: { port: number; grpcPort: number; dataDir: string }) {
    this.#child = child;
    this.port = place.port;
    this.grpcPort = place.grpcPort;
    this.dataDir = place.dataDir;
    this.url = `http://127.0.0.1:${place.port}`;
    this.#said = { out: '', err: '' };
    child.stdout?.on('data', (chunk: Buffer) => (this.#said.out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.#said.err += chunk.toString()));
  }

  static async start(options: StartOptions = {}): Promise<Lemni> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'lemni-test-'));
    const port = options.port ?? (await freePort());
    const grpcPort = options.grpcPort ?? (await freePort());
    const child = spawn('bin/lemni', ['serve'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...cleanEnvironment(),
        LEMNI_DATA_DIR: dataDir,
        LEMNI_PORT: String(port),
        LEMNI_GRPC_PORT: String(grpcPort),
        ...options.env,
      },
    });
    const lemni = new Lemni(child, { port, grpcPort, dataDir });
    await lemni.#ready();
    return lemni;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('Lemni has no process id.');
    return this.#child.pid;
  }

  get output(): string {
    return this.#said.out;
  }

  get log(): string {
    return this.#said.err;
  }

  /** The one-time link it printed. */
  get loginToken(): string {
    const token = /\/login\?token=([\w-]+)/.exec(this.#said.out)?.[1];
    if (token === undefined) throw new Error(`No login link was printed: ${this.#said.out}`);
    return token;
  }

  /** SIGTERM, and the code it ended with. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    return this.#child.exitCode;
  }

  async kill9(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (this.#child.exitCode !== null) {
        throw new Error(`Lemni ended with ${this.#child.exitCode}:\n${this.#said.err}\n${this.#said.out}`);
      }
      const answer = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (answer?.ok === true && this.#said.out.includes('ready')) return;
      if (Date.now() > deadline) throw new Error(`Lemni was not ready in a minute:\n${this.#said.err}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** The test's environment without options of Lemni that somebody may have set. */
export function cleanEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('LEMNI_') ? [] : [[name, value]],
    ),
  );
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
