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

function columnDdl({ name, type, extra }: Column): string {
  return extra === undefined ? `\`${name}\` ${type}` : `\`${name}\` ${type} ${extra}`;
}

/** The statements that create a table: one for a server, local and distributed ones for a cluster. */
export function createTable(table: TableShape, options: DdlOptions): string[] {
  const clustered = options.cluster !== '';
  const on = clustered ? ` ON CLUSTER ${options.cluster}` : '';
  const local = clustered ? `${table.name}_local` : table.name;
  const engine = clustered ? replicated(table.engine) : table.engine;
  const body = [...table.columns.map(columnDdl), ...(table.indexes ?? [])].join(',\n  ');
  const settings = table.settings ?? [];
  const create = [
    `CREATE TABLE IF NOT EXISTS ${options.database}.${local}${on} (\n  ${body}\n)`,
    `ENGINE = ${engine}`,
    table.partitionBy === undefined ? '' : `PARTITION BY ${table.partitionBy}`,
    `ORDER BY ${table.orderBy}`,
    settings.length === 0 ? '' : `SETTINGS ${settings.join(', ')}`,
  ];
  const statements = [create.filter((line) => line !== '').join('\n')];
  if (clustered) {
    statements.push(
      `CREATE TABLE IF NOT EXISTS ${options.database}.${table.name}${on} AS ${options.database}.${local}\n` +
        `ENGINE = Distributed(${options.cluster}, ${options.database}, ${local}, ${table.shardBy ?? 'rand()'})`,
    );
  }
  return statements;
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
  const clustered = options.cluster !== '';
  const on = clustered ? ` ON CLUSTER ${options.cluster}` : '';
  const table = (name: string): string => `${options.database}.${clustered ? `${name}_local` : name}`;
  return [
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${options.database}.${view.name}${on} TO ${table(view.to)} AS\n${view.select(table)}`,
  ];
}

function replicated(engine: string): string {
  const [, name, args] = /^(\w+)(?:\((.*)\))?$/.exec(engine) ?? [];
  if (name === undefined) throw new Error(`Not an engine: ${engine}`);
  const path = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";
  return `Replicated${name}(${path}${args === undefined || args === '' ? '' : `, ${args}`})`;
}
