import type { Column } from '../../src/model/rows/columns.js';

export type Cell = string | number | bigint | Cell[] | Record<string, string> | null;
export type Row = Record<string, Cell>;

/** Reads RowBinary back, for the column types that src/model/rows/tables.ts uses. Tests only. */
export function readRows(columns: readonly Column[], bytes: Uint8Array): Row[] {
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const rows: Row[] = [];
  while (!reader.done) {
    const row: Row = {};
    for (const { name, type } of columns) row[name] = reader.cell(type);
    rows.push(row);
  }
  return rows;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  cell(type: string): Cell {
    const inner = /^(\w+)\((.*)\)$/.exec(type);
    if (inner?.[1] === 'LowCardinality') return this.cell(inner[2] ?? '');
    if (inner?.[1] === 'Nullable') return this.#take(1)[0] === 1 ? null : this.cell(inner[2] ?? '');
    if (inner?.[1] === 'Array')
      return Array.from({ length: this.#varint() }, () => this.cell(inner[2] ?? ''));
    if (inner?.[1] === 'Map') {
      const entries: [string, string][] = [];
      for (let left = this.#varint(); left > 0; left--) entries.push([this.#string(), this.#string()]);
      return Object.fromEntries(entries);
    }
    if (inner?.[1] === 'DateTime64') return this.#take(8).readBigInt64LE();
    switch (type) {
      case 'String':
        return this.#string();
      case 'UInt8':
        return this.#take(1).readUInt8();
      case 'Int32':
        return this.#take(4).readInt32LE();
      case 'UInt64':
        return this.#take(8).readBigUInt64LE();
      case 'Float64':
        return this.#take(8).readDoubleLE();
      default:
        throw new Error(`the test's reader does not know ${type}`);
    }
  }

  #take(size: number): Buffer {
    if (this.#at + size > this.#bytes.length) throw new Error('the rows end in the middle of a cell');
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#take(1)[0] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #string(): string {
    const bytes = this.#take(this.#varint());
    const text = bytes.toString('utf8');
    if (!Buffer.from(text).equals(bytes)) throw new Error('a String is not valid UTF-8');
    return text;
  }
}
