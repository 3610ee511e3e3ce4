import { BadInput, messageOf } from '../../../src/lib/errors.js';
import { maxValueDepth } from '../options.js';
import { ProtoWriter } from '../protobuf/writer.js';
import type { OtlpSignal } from '../signal.js';
import { quoteLongIntegers } from './exact-integers.js';
import { writeScalar } from './scalars.js';
import { requests, type Field, type Message } from './schema.js';

/** Two messages a level of an attribute's value, and the frame around it. */
const maxDepth = 2 * (maxValueDepth + 1) + 12;

/**
 * OTLP/JSON to OTLP/protobuf, so that both encodings share one decoder: what is true of a row is true of it
 * however it was sent. Throws `BadInput` with the JSON path of the first mistake.
 */
export function jsonToProtobuf(signal: OtlpSignal, body: Buffer): Buffer {
  let value: unknown;
  try {
    const text = body.toString('utf8');
    value = JSON.parse(quoteLongIntegers(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
  } catch (error) {
    throw new BadInput('bad_request', `The body is not JSON: ${messageOf(error).slice(0, 200)}.`, {
      cause: error,
    });
  }
  const transcoder = new Transcoder(Math.ceil(body.length / 2));
  transcoder.message(requests[signal], value, 0);
  return transcoder.bytes();
}

class Transcoder {
  readonly #out: ProtoWriter;
  /** Where we are, for messages of errors. */
  readonly #path: (string | number)[] = [];

  constructor(initialBytes: number) {
    this.#out = new ProtoWriter(initialBytes);
  }

  bytes(): Buffer {
    return this.#out.view();
  }

  message(type: Message, value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#fail('an object', value);
    for (const [key, member] of Object.entries(value)) {
      const field = type.fields.get(key);
      // Unknown keys must be ignored, and null means "not set".
      if (!field || member === null || member === undefined) continue;
      this.#path.push(key);
      if (field.repeated) this.#list(field, member, depth);
      else this.#field(field, member, depth);
      this.#path.pop();
    }
  }

  #list(field: Field, value: unknown, depth: number): void {
    if (!Array.isArray(value)) this.#fail('an array', value);
    for (let i = 0; i < value.length; i++) {
      this.#path.push(i);
      this.#field(field, (value as unknown[])[i], depth);
      this.#path.pop();
    }
  }

  #field({ number, type }: Field, value: unknown, depth: number): void {
    if (typeof type === 'string') {
      const expected = writeScalar(this.#out, number, type, value);
      if (expected !== undefined) this.#fail(expected, value);
      return;
    }
    this.#out.varint(number * 8 + 2);
    const start = this.#out.open();
    // Deeper values would be replaced by the decoder anyway; null in a list is an empty value.
    if (depth < maxDepth && value !== null) this.message(type, value, depth + 1);
    this.#out.close(start);
  }

  #fail(expected: string, value: unknown): never {
    const at = this.#path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
    const got =
      value === null
        ? 'null'
        : Array.isArray(value)
          ? 'an array'
          : typeof value === 'object'
            ? 'an object'
            : `a ${typeof value}`;
    throw new BadInput(
      'bad_request',
      `${at === '' ? 'The body' : at.slice(1)} must be ${expected}, not ${got}.`,
      { at: at.slice(1) },
    );
  }
}
