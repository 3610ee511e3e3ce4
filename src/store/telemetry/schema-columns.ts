import type { Column } from '../../model/rows/columns.js';
import { writableTables, type TableName } from '../../model/rows/tables.js';

/** The columns that a table had after migration `number`: those that a later one adds are left out. */
export function columnsAt(columns: readonly Column[], number: number): readonly Column[] {
  return columns.filter(({ since = 1 }) => since <= number);
}

export function tableColumnsAt(table: TableName, number: number): readonly Column[] {
  return columnsAt(writableTables[table], number);
}
