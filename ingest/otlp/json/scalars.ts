import type { ProtoWriter } from '../protobuf/writer.js';
import { enumNames, type Scalar } from './schema.js';

/**
 * Writes one field, tag included. Answers what it had to be when the value is of another type; then nothing
 * was written.
 */
export function writeScalar(
  out: ProtoWriter,
  number: number,
  type: Scalar,
  value: unknown,
): string | undefined {
  switch (type) {
    case 'string':
    case 'bytes':
    case 'id':
      return writeText(out, number, type, value);
    case 'bool':
      if (typeof value !== 'boolean') return 'true or false';
      out.varint(number * 8);
      out.varint(value ? 1 : 0);
      return undefined;
    case 'double': {
      const double = doubleOf(value);
      if (double === undefined) return 'a number, "NaN", "Infinity" or "-Infinity"';
      out.varint(number * 8 + 1);
      out.double(double);
      return undefined;
    }
    case 'enum': {
      const found = typeof value === 'string' ? (enumNames.get(value) ?? value) : value;
      return writeInteger(out, number, 'int64', found);
    }
    case 'int64':
    case 'uint64':
    case 'uint32':
    case 'sint32':
    case 'fixed32':
    case 'fixed64':
    case 'sfixed64':
      return writeInteger(out, number, type, value);
  }
}

function writeText(
  out: ProtoWriter,
  number: number,
  type: 'string' | 'bytes' | 'id',
  value: unknown,
): string | undefined {
  if (typeof value !== 'string') return 'a string';
  out.varint(number * 8 + 2);
  if (type === 'string') out.string(value);
  else out.bytes(type === 'id' ? idOf(value) : Buffer.from(value, 'base64'));
  return undefined;
}

/**
 * Hexadecimal. Senders that use plain proto3 JSON write base64, which can be told by its length; of anything
 * else one byte is kept, so that the decoder notes an invalid id.
 */
function idOf(text: string): Buffer {
  if (/^(?:[0-9a-fA-F]{2})*$/.test(text)) return Buffer.from(text, 'hex');
  if (text.length === 24 || text.length === 12) return Buffer.from(text, 'base64');
  return Buffer.from([1]);
}

function doubleOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? undefined : number;
}

/** Integers come as numbers or as decimal text; those of 64 bits wrap, as they do on the wire. */
function writeInteger(
  out: ProtoWriter,
  number: number,
  type: 'int64' | 'uint64' | 'uint32' | 'sint32' | 'fixed32' | 'fixed64' | 'sfixed64',
  value: unknown,
): string | undefined {
  const expected = 'an integer, as a number or as decimal text';
  let integer: number | bigint;
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return expected;
    integer = value;
  } else if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) {
    integer = value.length <= 15 ? Number(value) : BigInt(value);
  } else return expected;
  switch (type) {
    case 'fixed64':
    case 'sfixed64':
      out.varint(number * 8 + 1);
      out.fixed64(BigInt(integer));
      return undefined;
    case 'fixed32':
      out.varint(number * 8 + 5);
      out.fixed32(Number(integer));
      return undefined;
    case 'sint32': {
      const word = Number(integer) | 0;
      out.varint(number * 8);
      out.varint(((word << 1) ^ (word >> 31)) >>> 0);
      return undefined;
    }
    case 'uint32':
    case 'int64':
    case 'uint64':
      out.varint(number * 8);
      if (integer >= 0 && integer <= Number.MAX_SAFE_INTEGER) out.varint(Number(integer));
      else out.varint64(BigInt(integer));
      return undefined;
  }
}
