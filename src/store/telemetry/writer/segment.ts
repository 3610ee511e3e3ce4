import type { TableName } from '../../../model/rows/tables.js';
import type { SliceName } from './segment-name.js';

/** Where a batch ends in its slice, so that a bad one can be told from its neighbours. */
export interface BatchMark {
  readonly rows: number;
  readonly bytes: number;
}

/** What one commit wrote of one table: one file. */
export interface Slice {
  readonly path: string;
  readonly name: SliceName;
  /** Written by this process; one of an earlier process is checked against its CRC first. */
  readonly trusted: boolean;
  /** Only of slices that this process wrote; the others have them in their hint file, if at all. */
  readonly batches?: readonly BatchMark[];
}

/** What goes into the database as one insert; its id is the deduplication token. */
export interface Segment {
  readonly id: string;
  readonly table: TableName;
  /** The last migration when it was begun: says which columns its rows have. */
  readonly schema: number;
  readonly slices: Slice[];
  rows: number;
  bytes: number;
  /** Unix ms. */
  readonly openedAt: number;
}
