import { RowBinaryBuffer } from '../../../src/lib/rowbinary.js';
import type { Column } from '../../../src/model/rows/columns.js';
import { writableTables, type EncodedRows, type TableName } from '../../../src/model/rows/tables.js';

/** 64-bit integers and DateTime64 as bigint (ticks), maps as arrays of pairs, strings also as raw bytes. */
export type Value = number | bigint | string | Uint8Array | null | readonly Value[];
export type Row = Readonly<Record<string, Value>>;

/** Rows of a table in RowBinary, by the types of its columns; slow and plain, to hold the fast way against. */
export function encodeRows(table: TableName, rows: readonly Row[]): EncodedRows {
  return { table, rows: rows.length, bytes: encode(writableTables[table], rows) };
}

export function encode(columns: readonly Column[], rows: readonly Row[]): Uint8Array {
  const buffer = new RowBinaryBuffer();
  for (const row of rows) {
    for (const { name, type } of columns) write(buffer, type, row[name] ?? zeroOf(type));
  }
  return Uint8Array.from(buffer.view());
}

export function zeroOf(type: string): Value {
  if (/^Nullable/.test(type)) return null;
  if (/^(Array|Map)/.test(type)) return [];
  if (/String/.test(type)) return '';
  return /64/.test(type) && !/Float/.test(type) ? 0n : 0;
}

function write(buffer: RowBinaryBuffer, type: string, value: Value): void {
  const [, name = '', inner = ''] = /^(\w+)(?:\((.*)\))?$/.exec(type) ?? [];
  switch (name) {
    case 'LowCardinality':
      write(buffer, inner, value);
      return;
    case 'Nullable':
      buffer.u8(value === null ? 1 : 0);
      if (value !== null) write(buffer, inner, value);
      return;
    case 'Array':
    case 'Map': {
      const items = value as readonly Value[];
      buffer.varint(items.length);
      for (const item of items) {
        if (name === 'Array') write(buffer, inner, item);
        else {
          const [key, mapped] = item as readonly Value[];
          write(buffer, 'String', key!);
          write(buffer, 'String', mapped!);
        }
      }
      return;
    }
    default:
      writeScalar(buffer, name, value);
  }
}

function writeScalar(buffer: RowBinaryBuffer, name: string, value: Value): void {
  switch (name) {
    case 'String':
      buffer.bytes(typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array));
      return;
    case 'UInt8':
      buffer.u8(Number(value));
      return;
    case 'Int32':
      buffer.u32(Number(value));
      return;
    case 'UInt64':
    case 'DateTime64':
      buffer.bigint(value as bigint);
      return;
    case 'Float64':
      // Raw bytes, so that a test can give a NaN with a payload.
      if (value instanceof Uint8Array) buffer.raw(value);
      else buffer.f64(Number(value));
      return;
    default:
      throw new Error(`The encoder of the tests does not know ${name}`);
  }
}
