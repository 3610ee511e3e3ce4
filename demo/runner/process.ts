import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Kept of what a process says, for the message when it dies. */
const keptCharacters = 20_000;
const graceMs = 10_000;

/** A process of the demo's own: quiet, its last words kept, ended by SIGTERM and, when it does not listen, SIGKILL. */
export class Child {
  readonly name: string;
  readonly #child: ChildProcess;
  #said = '';

  constructor({ name, command, args, env, cwd }: ProcessOptions) {
    this.name = name;
    this.#child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...inherited(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C reaches the demo only, which ends its processes in order.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-keptCharacters);
      });
    }
  }

  get said(): string {
    return this.#said;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Throws with what it said when it is dead. */
  assertAlive(): void {
    if (this.ended)
      throw new Error(`${this.name} ended (${this.#child.exitCode}):\n${this.#said.slice(-3000)}`);
  }

  /** Throws when it had to be killed. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
    if (this.#child.signalCode === 'SIGKILL') {
      throw new Error(
        `${this.name} did not end within ${graceMs / 1000} s and was killed:\n${this.#said.slice(-2000)}`,
      );
    }
  }

  /** For the very end, when nothing can be waited for. */
  kill(): void {
    if (!this.ended) this.#child.kill('SIGKILL');
  }
}

/** Without what would point the demo elsewhere. */
export function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(LEMNI_|OTEL_|NODE_OPTIONS$|PORT$)/.test(name) ? [] : [[name, value]],
    ),
  );
}
