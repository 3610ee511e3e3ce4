import type { Column } from '../../../model/rows/columns.js';

/** Where a value that starts at `at` ends; -1 when the bytes end before it does. */
type Skip = (bytes: Uint8Array, at: number) => number;

const fixedWidths: Readonly<Record<string, number>> = {
  UInt8: 1,
  Int8: 1,
  Bool: 1,
  UInt16: 2,
  Int16: 2,
  Date: 2,
  UInt32: 4,
  Int32: 4,
  Float32: 4,
  DateTime: 4,
  UInt64: 8,
  Int64: 8,
  Float64: 8,
  DateTime64: 8,
};

/**
 * The end of each row, for splitting rows that the database refused as a whole. RowBinary has no marks
 * between rows, so they are found by walking over the values
 * (clickhouse.com/docs/interfaces/formats/RowBinary). Stops at the first row that is not whole; the bytes
 * from there on cannot be told apart.
 */
export function rowEnds(columns: readonly Column[], bytes: Uint8Array): number[] {
  const skips = columns.map(({ type }) => skipOf(type));
  const ends: number[] = [];
  for (let at = 0; at < bytes.length;) {
    for (const skip of skips) {
      at = skip(bytes, at);
      if (at < 0) return ends;
    }
    ends.push(at);
  }
  return ends;
}

function skipOf(type: string): Skip {
  const [, name = '', inner = ''] = /^(\w+)(?:\((.*)\))?$/s.exec(type) ?? [];
  const width = fixedWidths[name];
  if (width !== undefined) return fixed(width);
  switch (name) {
    case 'String':
      return skipString;
    case 'LowCardinality':
      return skipOf(inner);
    case 'Nullable':
      return nullable(skipOf(inner));
    case 'Array':
      return repeated([skipOf(inner)]);
    case 'Map':
      return repeated(splitArguments(inner).map(skipOf));
    default:
      throw new Error(`rowEnds does not know the type ${type}`);
  }
}

function fixed(width: number): Skip {
  return (bytes, at) => (at + width <= bytes.length ? at + width : -1);
}

/** Reads a varint; lengths beyond the bytes themselves are as good as infinite. */
function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let i = at; i < bytes.length && i < at + 10; i++) {
    const byte = bytes[i] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: i + 1 };
    scale *= 128;
  }
  return undefined;
}

const skipString: Skip = (bytes, at) => {
  const length = varint(bytes, at);
  if (length === undefined) return -1;
  const end = length.end + length.value;
  return end <= bytes.length ? end : -1;
};

function nullable(inner: Skip): Skip {
  return (bytes, at) => {
    const flag = bytes[at];
    if (flag === undefined || flag > 1) return -1;
    return flag === 1 ? at + 1 : inner(bytes, at + 1);
  };
}

function repeated(inner: readonly Skip[]): Skip {
  return (bytes, at) => {
    const count = varint(bytes, at);
    // Every element takes a byte at least.
    if (count === undefined || count.value > bytes.length) return -1;
    let end = count.end;
    for (let i = 0; i < count.value; i++) {
      for (const skip of inner) {
        end = skip(bytes, end);
        if (end < 0) return -1;
      }
    }
    return end;
  };
}

/** `LowCardinality(String), Map(String, String)` at its outermost commas. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}
