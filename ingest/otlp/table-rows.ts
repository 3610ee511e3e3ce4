import { BadInput } from '../../src/lib/errors.js';
import { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import type { EncodedRows, TableName } from '../../src/model/rows/tables.js';

/** A batch is handed on at this size, so that no buffer has to grow (and be copied) without end. */
const chunkBytes = 8 * 1024 * 1024;

/** Bytes that one request's rows may take, shared by its tables. */
export class ByteBudget {
  #left: number;
  readonly #total: number;

  constructor(total: number) {
    this.#total = total;
    this.#left = total;
  }

  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) {
      throw new BadInput(
        'too_large',
        `The request would become more than ${this.#total} bytes of rows (every row repeats its resource): send fewer records at once.`,
      );
    }
  }
}

/** Rows of one table as they are encoded: write a row into `out`, then call `endRow`. */
export class TableRows {
  out: RowBinaryBuffer;
  readonly #table: TableName;
  readonly #budget: ByteBudget;
  readonly #sealed: EncodedRows[] = [];
  #rows = 0;
  #counted = 0;

  constructor(table: TableName, budget: ByteBudget, initialBytes: number) {
    this.#table = table;
    this.#budget = budget;
    this.out = new RowBinaryBuffer(Math.min(initialBytes, chunkBytes));
  }

  endRow(): void {
    this.#rows++;
    const size = this.out.length;
    this.#budget.take(size - this.#counted);
    this.#counted = size;
    if (size >= chunkBytes) this.#seal();
  }

  /** All rows, in batches. */
  finish(): EncodedRows[] {
    if (this.#rows > 0) this.#seal();
    return this.#sealed;
  }

  #seal(): void {
    this.#sealed.push({ table: this.#table, rows: this.#rows, bytes: this.out.view() });
    this.out = new RowBinaryBuffer(256 * 1024);
    this.#rows = 0;
    this.#counted = 0;
  }
}
