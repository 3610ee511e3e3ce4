import type { ClickHouseClient } from '@clickhouse/client';
import { connectTelemetry, type TelemetryTarget } from './connect.js';

export interface ReadLimits {
  readonly timeoutMs: number;
  readonly maxMemoryBytes: number;
  readonly maxRows: number;
}

/**
 * Bounded reads: every query carries its limits in its own text (a setting given beside a query would stay
 * on an embedded connection for ever) and waits for one of a few connections.
 */
export interface TelemetryReader {
  /**
   * Rows of a SELECT with typed parameters (`{name:Type}`). 64-bit integers come as numbers: wrap hashes and
   * ids in `toString()`. Throws `BadInput` when a limit was exceeded and `Unavailable` when the database is away.
   */
  rows<Row>(
    sql: string,
    params?: Readonly<Record<string, unknown>>,
    limits?: Partial<ReadLimits>,
  ): Promise<Row[]>;
}

export interface TelemetryDatabaseOptions extends TelemetryTarget {
  readonly cluster: string;
  readonly readers: number;
  readonly limits: ReadLimits;
}

/** A pool of reading connections. */
export class TelemetryReaders implements TelemetryReader {
  readonly #limits: ReadLimits;
  readonly #idle: ClickHouseClient[] = [];
  readonly #all: ClickHouseClient[] = [];
  readonly #waiting: ((client: ClickHouseClient) => void)[] = [];

  private constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  static async open(options: TelemetryDatabaseOptions): Promise<TelemetryReaders> {
    const readers = new TelemetryReaders(options.limits);
    for (let i = 0; i < options.readers; i++) {
      const client = connectTelemetry(options);
      // The embedded engine does not take the client's database option; USE holds for the connection.
      if (options.url === '') await client.command({ query: `USE ${options.database}` });
      readers.#all.push(client);
      readers.#idle.push(client);
    }
    return readers;
  }

  async rows<Row>(
    sql: string,
    params: Readonly<Record<string, unknown>> = {},
    limits: Partial<ReadLimits> = {},
  ): Promise<Row[]> {
    const { timeoutMs, maxMemoryBytes, maxRows } = { ...this.#limits, ...limits };
    const settings = [
      `max_execution_time = ${timeoutMs / 1000}`,
      `max_memory_usage = ${maxMemoryBytes}`,
      `max_result_rows = ${maxRows}`,
      'output_format_json_quote_64bit_integers = 0',
    ];
    const client = await this.#take();
    try {
      const result = await client.query({
        query: `${sql}\nSETTINGS ${settings.join(', ')}`,
        query_params: { ...params },
        format: 'JSONEachRow',
      });
      return await result.json<Row>();
    } finally {
      this.#give(client);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((client) => client.close()));
  }

  #take(): Promise<ClickHouseClient> {
    const client = this.#idle.pop();
    if (client) return Promise.resolve(client);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(client: ClickHouseClient): void {
    const next = this.#waiting.shift();
    if (next) next(client);
    else this.#idle.push(client);
  }
}
