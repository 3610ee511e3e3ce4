import { Bug } from '../../lib/errors.js';
import { storableText } from '../../lib/text.js';

/** What both databases can hold. */
export type StateValue = string | number | bigint | Buffer | null;

/** Ids in one list of a statement; more than these go in several. */
export const idsAList = 1000;

/**
 * Parameters as both twins take them. Needed for more than comfort: libsql 0.5 aborts the process on a boolean
 * and cuts a text at its first NUL when it reads it back; PostgreSQL refuses NUL.
 */
export function toStateValues(parameters: readonly unknown[]): StateValue[] {
  return parameters.map(toStateValue);
}

function toStateValue(value: unknown, index: number): StateValue {
  switch (typeof value) {
    case 'string':
      return storableText(value);
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      return value;
    case 'object':
      if (value === null) return null;
      if (Buffer.isBuffer(value)) return value;
      if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      break;
    case 'undefined':
    case 'function':
    case 'symbol':
  }
  throw new Bug(
    `State parameter ${index + 1} is ${describe(value)}: pass a finite number, text, bytes or null, and JSON as text.`,
  );
}

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return value instanceof Date ? 'a Date (times are Unix milliseconds)' : `of type ${typeof value}`;
}
