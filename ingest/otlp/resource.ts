import { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import { cleanText } from '../../src/lib/text.js';
import { AttributeList } from './attributes.js';
import type { DecodeContext } from './context.js';

/** As the specification names a service that did not say its name. */
export const unknownService = 'unknown_service';

/**
 * Names of a service, an environment and the like are words of a chart: longer ones are cut. Control characters
 * become U+FFFD as in deploys and feedback, so that all of them mean the same service.
 */
const maxNameChars = 256;

/** A resource: encoded once, copied into every row. */
export interface Resource {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** The attributes by name, as text; metrics make labels of them. */
  readonly attributes: ReadonlyMap<string, string>;
  /** ServiceName as a RowBinary String. */
  readonly serviceBlock: Buffer;
  /** ServiceVersion and Environment as RowBinary Strings. */
  readonly releaseBlock: Buffer;
  /** ResourceAttributes as a RowBinary Map. */
  readonly attributesBlock: Buffer;
}

/** Reads a Resource message; without one (start = end) it is the unknown service. */
export function readResource(context: DecodeContext, start: number, end: number): Resource {
  const { reader } = context;
  const list = new AttributeList(context.limits.maxAttributes);
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.varint(end);
    if (tag === 0x0a) {
      const fieldEnd = reader.enter(end);
      list.add(reader.pos, fieldEnd);
      reader.pos = fieldEnd;
    } else reader.skip(tag, end);
  }
  const block = new RowBinaryBuffer(1024);
  context.attributes.map(block, list);
  const attributesBlock = Buffer.from(block.view());
  const attributes = readMap(attributesBlock);
  const name = (key: string): string => cleanText(attributes.get(key) ?? '', maxNameChars);
  const service = name('service.name') || unknownService;
  const version = name('service.version');
  const environment = name('deployment.environment.name') || name('deployment.environment');
  return {
    service,
    version,
    environment,
    attributes,
    attributesBlock,
    serviceBlock: strings(service),
    releaseBlock: strings(version, environment),
  };
}

/** An InstrumentationScope and the schema URL beside it, as column blocks. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly attributesBlock: Buffer;
}

export function readScope(context: DecodeContext, start: number, end: number): Scope {
  const { reader } = context;
  const list = new AttributeList(context.limits.maxAttributes);
  const words = new RowBinaryBuffer(256);
  let name = '';
  let version = '';
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.varint(end);
    if (tag === 0x0a || tag === 0x12) {
      const fieldEnd = reader.enter(end);
      words.truncate(0);
      context.text.word(words, reader.bytes, reader.pos, fieldEnd, 1024);
      if (tag === 0x0a) name = readString(words.view());
      else version = readString(words.view());
      reader.pos = fieldEnd;
    } else if (tag === 0x1a) {
      const fieldEnd = reader.enter(end);
      list.add(reader.pos, fieldEnd);
      reader.pos = fieldEnd;
    } else reader.skip(tag, end);
  }
  const block = new RowBinaryBuffer(256);
  context.attributes.map(block, list);
  const attributesBlock = Buffer.from(block.view());
  return { name, version, attributes: readMap(attributesBlock), attributesBlock };
}

/** A word at the reader, for schema URLs: cleaned, at most 1024 bytes. */
export function readWord(context: DecodeContext, start: number, end: number): string {
  const out = new RowBinaryBuffer(128);
  context.text.word(out, context.reader.bytes, start, end, 1024);
  return readString(out.view());
}

/** RowBinary Strings one after the other. */
export function strings(...values: readonly string[]): Buffer {
  const out = new RowBinaryBuffer(128);
  for (const value of values) out.string(value);
  return Buffer.from(out.view());
}

function readString(bytes: Buffer): string {
  const length = readLength(bytes, 0);
  return bytes.toString('utf8', length.next, length.next + length.value);
}

/** Reads back a Map(String, String) that was just written. */
export function readMap(bytes: Buffer): Map<string, string> {
  const result = new Map<string, string>();
  let { value: count, next } = readLength(bytes, 0);
  const text = (): string => {
    const length = readLength(bytes, next);
    next = length.next + length.value;
    return bytes.toString('utf8', length.next, next);
  };
  for (; count > 0; count--) result.set(text(), text());
  return result;
}

function readLength(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let next = at; ; next++) {
    const byte = bytes[next] ?? 0;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return { value, next: next + 1 };
  }
}
