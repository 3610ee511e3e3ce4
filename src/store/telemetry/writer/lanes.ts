import { invariant } from '../../../lib/errors.js';
import type { TelemetryConnection } from '../connect.js';

/** A few connections for writing, opened when first needed; one piece of work each. */
export class Lanes {
  readonly #connect: () => Promise<TelemetryConnection>;
  readonly #idle: TelemetryConnection[] = [];
  #free: number;

  constructor(count: number, connect: () => Promise<TelemetryConnection>) {
    this.#free = count;
    this.#connect = connect;
  }

  /** Whether another piece of work may begin. */
  get free(): boolean {
    return this.#free > 0;
  }

  async use<T>(work: (connection: TelemetryConnection) => Promise<T>): Promise<T> {
    invariant(this.#free > 0, 'Lanes.use was called while none was free');
    this.#free -= 1;
    try {
      const connection = this.#idle.pop() ?? (await this.#connect());
      try {
        return await work(connection);
      } finally {
        this.#idle.push(connection);
      }
    } finally {
      this.#free += 1;
    }
  }

  /** Closes the connections that nobody uses. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.close()));
  }
}
