import { BadInput, messageOf } from '../../../src/lib/errors.js';
import { maxValueDepth } from '../options.js';
import { ProtoWriter } from '../protobuf/writer.js';
import type { OtlpSignal } from '../signal.js';
import { quoteLongIntegers } from './exact-integers.js';
import { writeScalar } from './scalars.js';
import { requests, type Field, type Message } from './schema.js';

/** Two messages a level of an attribute's value, and the frame around it. */
const maxDepth = 2 * (maxValueDepth + 1) + 12;

/** Request, resources, scopes: below them are records, each of which is written in one go. */
const frameDepth = 3;
/** Records after which other work may run. */
const sliceRecords = 500;

/**
 * OTLP/JSON to OTLP/protobuf, so that both encodings share one decoder: what is true of a row is true of it
 * however it was sent. A generator that yields now and then, so that the caller may give way, and returns the
 * message. Throws `BadInput` with the JSON path of the first mistake.
 *
 * JSON.parse itself cannot be interrupted: 64 MiB of log records take about 0.75 s (measured, Node 20).
 */
export function* transcodeJson(signal: OtlpSignal, body: Buffer): Generator<undefined, Buffer> {
  const value = parseJson(body);
  yield;
  const transcoder = new Transcoder(Math.ceil(body.length / 2));
  yield* transcoder.frame(requests[signal], value, 0);
  return transcoder.bytes();
}

/** All of it at once. */
export function jsonToProtobuf(signal: OtlpSignal, body: Buffer): Buffer {
  const steps = transcodeJson(signal, body);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    const text = body.toString('utf8');
    return JSON.parse(quoteLongIntegers(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
  } catch (error) {
    throw new BadInput('bad_request', `The body is not JSON: ${messageOf(error).slice(0, 200)}.`, {
      cause: error,
    });
  }
}

class Transcoder {
  readonly #out: ProtoWriter;
  /** Where we are, for messages of errors. */
  readonly #path: (string | number)[] = [];
  #records = 0;

  constructor(initialBytes: number) {
    this.#out = new ProtoWriter(initialBytes);
  }

  bytes(): Buffer {
    return this.#out.view();
  }

  /** A message of the frame: its lists give way between their members. */
  *frame(type: Message, value: unknown, depth: number): Generator<undefined> {
    for (const [key, member] of this.#entries(value)) {
      const field = type.fields.get(key);
      if (!field || member === null) continue;
      this.#path.push(key);
      if (field.repeated && typeof field.type !== 'string') yield* this.#frames(field, member, depth);
      else this.#field(field, member, depth);
      this.#path.pop();
    }
  }

  *#frames(field: Field, value: unknown, depth: number): Generator<undefined> {
    if (!Array.isArray(value)) this.#fail('an array', value);
    for (let i = 0; i < value.length; i++) {
      const member = (value as unknown[])[i];
      this.#path.push(i);
      if (depth + 1 < frameDepth && typeof field.type !== 'string') {
        this.#out.varint(field.number * 8 + 2);
        const start = this.#out.open();
        yield* this.frame(field.type, member, depth + 1);
        this.#out.close(start);
      } else this.#field(field, member, depth);
      this.#path.pop();
      if (++this.#records % sliceRecords === 0) yield;
    }
  }

  message(type: Message, value: unknown, depth: number): void {
    for (const [key, member] of this.#entries(value)) {
      const field = type.fields.get(key);
      // Unknown keys must be ignored, and null means "not set".
      if (!field || member === null) continue;
      this.#path.push(key);
      if (field.repeated) this.#list(field, member, depth);
      else this.#field(field, member, depth);
      this.#path.pop();
    }
  }

  #entries(value: unknown): [string, unknown][] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#fail('an object', value);
    return Object.entries(value);
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
