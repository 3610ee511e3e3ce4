/** A column as ClickHouse knows it: the table's DDL, the segment's structure and the encoder share it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** Compression and default of the table's column, for the DDL only. */
  readonly extra?: string;
  /** The telemetry migration that adds it; 1 when absent. Migrations before it do not know it. */
  readonly since?: number;
}

/** The structure argument of `file(path, 'RowBinary', structure)` and the column list of an insert. */
export function structureOf(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `\`${name}\` ${type}`).join(', ');
}

export function columnList(columns: readonly Column[]): string {
  return columns.map(({ name }) => `\`${name}\``).join(', ');
}
