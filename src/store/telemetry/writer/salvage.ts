import type { Column } from '../../../model/rows/columns.js';
import type { TableName } from '../../../model/rows/tables.js';
import { rowEnds } from './row-ends.js';
import type { BatchMark, Segment, Slice } from './segment.js';

export interface SalvageDeps {
  readonly columns: readonly Column[];
  isWhole(slice: Slice): Promise<boolean>;
  read(slice: Slice): Promise<Uint8Array>;
  batchesOf(slice: Slice): Promise<readonly BatchMark[]>;
  /** Inserts rows with a token of their own; answers false when the database refuses them for ever. */
  insert(table: TableName, token: string, bytes: Uint8Array): Promise<boolean>;
  reject(name: string, bytes: Uint8Array, rows: number): Promise<void>;
}

/** Inserts spent on one segment; after that, what is still mixed with poison is rejected as it is. */
const maxInserts = 400;

/** Rows that are kept or rejected together: at first batches, then single rows. */
interface Unit {
  readonly start: number;
  readonly end: number;
  readonly rows: number;
}

/**
 * Inserts what can be inserted of a segment that the database refused: halves, quarters, batches, and in
 * the end rows. Every piece's token is made of its place, so that doing it again (after a crash, or when the
 * database goes away half-way) stores nothing twice. Answers how many rows were stored; throws when the
 * database is away.
 */
export async function salvage(segment: Segment, deps: SalvageDeps): Promise<number> {
  let stored = 0;
  let inserts = 0;

  const settle = async (slice: Slice, bytes: Uint8Array, units: readonly Unit[]): Promise<void> => {
    const [first, last] = [units[0], units.at(-1)];
    if (first === undefined || last === undefined) return;
    const piece = bytes.subarray(first.start, last.end);
    const rows = units.reduce((sum, unit) => sum + unit.rows, 0);
    const token = `${segment.id}-${slice.name.slice}-${first.start}-${last.end}`;
    inserts += 1;
    if (inserts <= maxInserts && (await deps.insert(segment.table, token, piece))) {
      stored += rows;
      return;
    }
    const smaller = units.length > 1 ? units : rowsOf(deps.columns, bytes, first);
    if (smaller.length <= 1 || inserts > maxInserts) {
      await deps.reject(`${segment.table}.${token}`, piece, rows);
      return;
    }
    const middle = smaller.length >> 1;
    await settle(slice, bytes, smaller.slice(0, middle));
    await settle(slice, bytes, smaller.slice(middle));
  };

  for (const slice of segment.slices) {
    const bytes = await deps.read(slice);
    const whole = bytes.byteLength === slice.name.bytes && (await deps.isWhole(slice));
    if (whole) await settle(slice, bytes, unitsOf(await deps.batchesOf(slice)));
    else
      await deps.reject(`${segment.table}.${segment.id}-${slice.name.slice}-damaged`, bytes, slice.name.rows);
  }
  return stored;
}

function unitsOf(marks: readonly BatchMark[]): Unit[] {
  let before: BatchMark = { rows: 0, bytes: 0 };
  return marks.map((mark) => {
    const unit = { start: before.bytes, end: mark.bytes, rows: mark.rows - before.rows };
    before = mark;
    return unit;
  });
}

/** The rows of one batch; what cannot be told apart at its end is one unit. */
function rowsOf(columns: readonly Column[], bytes: Uint8Array, batch: Unit): Unit[] {
  if (batch.rows <= 1) return [batch];
  const units: Unit[] = [];
  let start = batch.start;
  for (const end of rowEnds(columns, bytes.subarray(batch.start, batch.end))) {
    units.push({ start, end: batch.start + end, rows: 1 });
    start = batch.start + end;
  }
  if (start < batch.end) units.push({ start, end: batch.end, rows: Math.max(0, batch.rows - units.length) });
  return units;
}
