import type { Column } from '../../model/rows/columns.js';

export interface DdlOptions {
  readonly database: string;
  /** Empty: one server. Otherwise the cluster that tables are replicated and distributed over. */
  readonly cluster: string;
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly Column[];
  /** e.g. `MergeTree`, `ReplacingMergeTree(ReceivedAt)`, `AggregatingMergeTree`. */
  readonly engine: string;
  readonly partitionBy?: string;
  readonly orderBy: string;
  readonly indexes?: readonly string[];
  readonly settings?: readonly string[];
  /** Sharding key of the distributed table. */
  readonly shardBy?: string;
}

export function createDatabase(options: DdlOptions): string {
  return `CREATE DATABASE IF NOT EXISTS ${options.database}${onCluster(options)}`;
}

/** Which migrations ran. In a cluster one table that every server has whole: its path names no shard. */
export function createBookkeeping(options: DdlOptions): string {
  const engine =
    options.cluster === ''
      ? 'MergeTree'
      : "ReplicatedMergeTree('/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}')";
  return (
    `CREATE TABLE IF NOT EXISTS ${options.database}.lemni_migrations${onCluster(options)} (\n` +
    "  `number` UInt32,\n  `name` String,\n  `checksum` String,\n  `at` DateTime64(3, 'UTC')\n)\n" +
    `ENGINE = ${engine}\nORDER BY number`
  );
}

/** The statements that create a table: one for a server, local and distributed ones for a cluster. */
export function createTable(table: TableShape, options: DdlOptions): string[] {
  const on = onCluster(options);
  const local = localName(table.name, options);
  const body = [...table.columns.map(columnDdl), ...(table.indexes ?? [])].join(',\n  ');
  const settings = [...(table.settings ?? []), ...deduplication(options), ...durability];
  const create = [
    `CREATE TABLE IF NOT EXISTS ${options.database}.${local}${on} (\n  ${body}\n)`,
    `ENGINE = ${options.cluster === '' ? table.engine : replicated(table.engine)}`,
    table.partitionBy === undefined ? '' : `PARTITION BY ${table.partitionBy}`,
    `ORDER BY ${table.orderBy}`,
    `SETTINGS ${settings.join(', ')}`,
  ];
  return [create.filter((line) => line !== '').join('\n'), ...distributed(table, options)];
}

/** A materialized view feeds on the local table of its own server, in a cluster too. */
export function createView(
  view: {
    readonly name: string;
    readonly to: string;
    readonly select: (table: (name: string) => string) => string;
  },
  options: DdlOptions,
): string[] {
  const table = (name: string): string => `${options.database}.${localName(name, options)}`;
  return [
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${options.database}.${view.name}${onCluster(options)} TO ${table(view.to)} AS\n${view.select(table)}`,
  ];
}

/** The statements that add a column to an existing table. */
export function addColumn(table: string, column: Column, options: DdlOptions): string[] {
  const add = (name: string): string =>
    `ALTER TABLE ${options.database}.${name}${onCluster(options)} ADD COLUMN IF NOT EXISTS ${columnDdl(column)}`;
  return options.cluster === '' ? [add(table)] : [add(`${table}_local`), add(table)];
}

/** Where the rows of a table lie: the table itself, or its part on each server of a cluster. */
export function localName(table: string, options: DdlOptions): string {
  return options.cluster === '' ? table : `${table}_local`;
}

export function onCluster({ cluster }: DdlOptions): string {
  return cluster === '' ? '' : ` ON CLUSTER ${cluster}`;
}

function columnDdl({ name, type, extra }: Column): string {
  return extra === undefined ? `\`${name}\` ${type}` : `\`${name}\` ${type} ${extra}`;
}

/**
 * A segment may be inserted again after a crash, and its id is the deduplication token: so many tokens are
 * remembered a table, in a cluster for a week (the default of an hour is shorter than a night).
 */
function deduplication({ cluster }: DdlOptions): string[] {
  if (cluster === '') return ['non_replicated_deduplication_window = 10000'];
  return ['replicated_deduplication_window = 10000', 'replicated_deduplication_window_seconds = 604800'];
}

/**
 * A segment's files are removed once it was inserted, so the insert itself must survive a power cut; and a
 * merge removes the parts that it was made of. Measured: lost in the noise of an insert's own time.
 */
const durability = [
  'fsync_after_insert = 1',
  'fsync_part_directory = 1',
  'min_compressed_bytes_to_fsync_after_merge = 1',
];

function distributed({ name, shardBy }: TableShape, options: DdlOptions): string[] {
  if (options.cluster === '') return [];
  const { database, cluster } = options;
  return [
    `CREATE TABLE IF NOT EXISTS ${database}.${name}${onCluster(options)} AS ${database}.${name}_local\n` +
      `ENGINE = Distributed(${cluster}, ${database}, ${name}_local, ${shardBy ?? 'rand()'})`,
  ];
}

/** The macros `{shard}` and `{replica}` come from each server's own configuration. */
function replicated(engine: string): string {
  const [, name, args] = /^(\w+)(?:\((.*)\))?$/.exec(engine) ?? [];
  if (name === undefined) throw new Error(`Not an engine: ${engine}`);
  const path = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";
  return `Replicated${name}(${path}${args === undefined || args === '' ? '' : `, ${args}`})`;
}
