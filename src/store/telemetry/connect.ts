import { createReadStream, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { BadInput, messageOf } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { columnList, structureOf, type Column } from '../../model/rows/columns.js';
import { MissingFiles } from './missing-files.js';
import { literal, setParameters } from './parameters.js';

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

export interface TelemetryTarget {
  /** Empty: the embedded engine below dataDir. */
  readonly url: string;
  readonly dataDir: string;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
}

/** Rows that go in as one insert: files of RowBinary, read in this order. */
export interface FilesInsert {
  readonly table: string;
  readonly columns: readonly Column[];
  /** Absolute paths of one directory, without the characters `*?{},`. */
  readonly files: readonly string[];
  /** The same files with the same token are stored once, in the dependent views too. */
  readonly token: string;
}

/** One connection; it runs one statement at a time. */
export interface TelemetryConnection {
  /** Rows of a SELECT. The signal only reaches a server; the embedded engine runs to its own limit. */
  rows<Row>(sql: string, params: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Row[]>;
  command(sql: string): Promise<void>;
  insertFiles(insert: FilesInsert): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** A server that has not answered by then is taken for away. */
  readonly requestTimeoutMs?: number;
  /** Whether unqualified table names mean the target's database; it must exist then. */
  readonly useDatabase?: boolean;
  /** Lets ingest go first when both want the same cores. */
  readonly yields?: boolean;
}

/**
 * Of 19 at most. Five searches that read a whole day made a request wait for the disk three to five times as
 * long as an idle machine (2 cores); with it 1.3 times. The engine ignores it without CAP_SYS_NICE.
 */
const searchNiceness = 15;

/**
 * Block sizes are given with the insert, because deduplication counts blocks: with the same files they must
 * come out the same, and a whole segment must be one block, so that it is stored as a whole or not at all.
 * One reading thread keeps the order of the files.
 */
const insertSettings = [
  'async_insert = 0',
  'insert_deduplicate = 1',
  'deduplicate_blocks_in_dependent_materialized_views = 1',
  'max_insert_block_size = 10000000',
  'min_insert_block_size_rows = 10000000',
  'min_insert_block_size_bytes = 1073741824',
  // In a cluster: stored on the shards, not only queued on the server that was asked.
  'distributed_foreground_insert = 1',
  // Late telemetry may belong to any number of days.
  'max_partitions_per_insert_block = 0',
  'format_binary_max_string_size = 134217728',
  'format_binary_max_array_size = 10000000',
];

/**
 * The one seam between the twins: an ordinary ClickHouse client over the engine in this process (chDB) or
 * over a server's HTTP interface. Nothing else in the house knows which it is.
 */
export async function connectTelemetry(
  target: TelemetryTarget,
  options: ConnectOptions = {},
): Promise<TelemetryConnection> {
  if (target.url !== '') return new ServerConnection(target, options);
  const connection = new EmbeddedConnection(target);
  // The embedded engine does not take the client's database option; USE holds for the connection.
  if (options.useDatabase ?? true) await connection.command(`USE ${target.database}`);
  // A server has its own cores and its own profile for whoever reads.
  if (options.yields === true) {
    await connection.command(`SET os_threads_nice_value_query = ${searchNiceness}`);
  }
  return connection;
}

class EmbeddedConnection implements TelemetryConnection {
  readonly #client: ClickHouseClient;
  readonly #database: string;
  #running: Promise<unknown> = Promise.resolve();

  constructor(target: TelemetryTarget) {
    const path = join(target.dataDir, 'clickhouse');
    mkdirSync(path, { recursive: true });
    this.#client = createClient({ connection: embeddedEngine(path) });
    this.#database = target.database;
  }

  async rows<Row>(sql: string, params: Readonly<Record<string, unknown>>): Promise<Row[]> {
    const result = await this.#track(
      this.#client.query({ query: setParameters(params) + sql, format: 'JSONEachRow' }),
    );
    return result.json<Row>();
  }

  async command(sql: string): Promise<void> {
    await this.#track(this.#client.command({ query: sql }));
  }

  async insertFiles({ table, columns, files, token }: FilesInsert): Promise<void> {
    const path = literal(onePath(files));
    if (files.length > 1) await this.#mustHave(files.length, path);
    await this.command(
      `INSERT INTO ${this.#database}.${table} (${columnList(columns)}) ` +
        `SELECT * FROM file(${path}, 'RowBinary', ${literal(structureOf(columns))}) ` +
        `SETTINGS ${insertSettings.join(', ')}, max_block_size = 10000000, max_threads = 1, ` +
        `max_query_size = 16777216, insert_deduplication_token = ${literal(token)}`,
    );
  }

  /** Of several files the engine silently leaves out those that it does not find. */
  async #mustHave(count: number, path: string): Promise<void> {
    const [found] = await this.rows<{ files: number }>(
      `SELECT toUInt32(count()) AS files FROM file(${path}, 'One')`,
      {},
    );
    if (found?.files !== count) {
      throw new MissingFiles(
        `Of ${count} files of a segment the database finds ${found?.files ?? 0} (${path})`,
      );
    }
  }

  /** Waits for the statement that runs: closing under it would end the engine for the whole process. */
  async close(): Promise<void> {
    await this.#running;
    await this.#client.close();
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running = Promise.allSettled([this.#running, work]);
    return work;
  }
}

class ServerConnection implements TelemetryConnection {
  readonly #client: ClickHouseClient;
  readonly #database: string;

  constructor(target: TelemetryTarget, options: ConnectOptions) {
    this.#database = target.database;
    this.#client = createClient({
      url: target.url,
      username: target.user,
      password: target.password.reveal(),
      ...((options.useDatabase ?? true) ? { database: target.database } : {}),
      application: 'lemni',
      // Errors come as exceptions to whoever asked; the client's own log would say them once more.
      log: { level: ClickHouseLogLevel.OFF },
      request_timeout: options.requestTimeoutMs ?? 60_000,
      max_open_connections: 1,
      compression: { response: true, request: false },
    });
  }

  async rows<Row>(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Row[]> {
    const result = await this.#client.query({
      query: sql,
      query_params: { ...params },
      format: 'JSONEachRow',
      // Without this an error in the middle of an answer would look like its end.
      clickhouse_settings: { wait_end_of_query: 1, cancel_http_readonly_queries_on_client_close: 1 },
      ...(signal === undefined ? {} : { abort_signal: signal }),
    });
    return result.json<Row>();
  }

  async command(sql: string): Promise<void> {
    await this.#client.command({ query: sql, clickhouse_settings: { wait_end_of_query: 1 } });
  }

  async insertFiles({ table, columns, files, token }: FilesInsert): Promise<void> {
    const { stream } = await this.#client.exec({
      query:
        `INSERT INTO ${this.#database}.${table} (${columnList(columns)}) ` +
        `SETTINGS ${insertSettings.join(', ')}, insert_deduplication_token = ${literal(token)} FORMAT RowBinary`,
      values: Readable.from(concatenated(files), { objectMode: false }),
      clickhouse_settings: { wait_end_of_query: 1 },
    });
    stream.resume();
    await finished(stream);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

async function* concatenated(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) {
    // Without an encoding a file's chunks are buffers.
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) yield chunk as Buffer;
  }
}

/** `/spool/table/{a,b}` for several files of one directory. */
function onePath(files: readonly string[]): string {
  const [first = ''] = files;
  if (files.length === 1) return first;
  return join(dirname(first), `{${files.map((file) => basename(file)).join(',')}}`);
}

function embeddedEngine(path: string): NonNullable<ClientOptions['connection']> {
  try {
    // chdb's types come from the deprecated client-common, which differ in a private field only; the pair of
    // versions is pinned in package.json and the contract suite runs over it.
    return createChdbConnection({ path }) as unknown as NonNullable<ClientOptions['connection']>;
  } catch (error) {
    // The engine tells its reason on standard error only.
    if (!/Failed to create connection|Cannot lock file/.test(messageOf(error))) throw error;
    const other = holderOf(path);
    throw new BadInput(
      'conflict',
      other === undefined
        ? `The database in ${path} cannot be opened; the line above ("Code: ...") says why.`
        : `Another process (${other}) uses the database in ${path}. Stop it, or give this one another data directory (LEMNI_DATA_DIR).`,
      { cause: error },
    );
  }
}

/** The process that the engine's own lock file names, when it lives. */
function holderOf(path: string): number | undefined {
  try {
    const pid = Number(/PID: (\d+)/.exec(readFileSync(join(path, 'status'), 'utf8'))?.[1]);
    if (!(pid > 0) || pid === process.pid) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}
