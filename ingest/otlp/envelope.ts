import type { DecodeContext } from './context.js';
import { readResource, readScope, readWord, type Resource, type Scope } from './resource.js';

/** `instrumentation_library_{logs,spans,metrics}`, before version 0.15 of the protocol: field 1000. */
const OLD_SCOPES = 8002;

/** The records of one scope lie between start and end, each as field 2. */
export interface ScopePlace {
  readonly resource: Resource;
  readonly resourceSchemaUrl: string;
  readonly scope: Scope;
  readonly scopeSchemaUrl: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Decoding gives way to other work after each slice: a body of 64 MiB must not hold up a webhook or a page.
 * A unit is about a record, or half a kilobyte of one.
 */
export class Slices {
  #left = 2000;

  /** True when it is time to yield. */
  spend(bytes: number): boolean {
    this.#left -= 1 + (bytes >>> 9);
    if (this.#left > 0) return false;
    this.#left = 2000;
    return true;
  }
}

interface Field {
  readonly start: number;
  readonly end: number;
}
const nothing: Field = { start: 0, end: 0 };

/** The last field with this tag between start and end. */
function lastField(context: DecodeContext, wanted: number, start: number, end: number): Field {
  const { reader } = context;
  let found = nothing;
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.varint(end);
    if (tag === wanted) {
      const fieldEnd = reader.enter(end);
      found = { start: reader.pos, end: fieldEnd };
      reader.pos = fieldEnd;
    } else reader.skip(tag, end);
  }
  return found;
}

/**
 * Walks an Export*ServiceRequest (the three have the same frame): every scope that has records, with its
 * resource. Yields undefined when it only wants to give way.
 */
export function* scopesOf(context: DecodeContext, slices: Slices): Generator<ScopePlace | undefined> {
  const { reader } = context;
  const end = reader.bytes.length;
  let next = 0;
  let known: { resource: Resource; bytes: Buffer } | undefined;
  while (next < end) {
    reader.pos = next;
    const tag = reader.varint(end);
    if (tag !== 0x0a) {
      reader.skip(tag, end);
      next = reader.pos;
      continue;
    }
    next = reader.enter(end);
    const start = reader.pos;
    const place = lastField(context, 0x0a, start, next);
    const raw = reader.bytes.subarray(place.start, place.end);
    // Collectors send one resource many times over in a batch.
    if (!known?.bytes.equals(raw)) {
      known = { resource: readResource(context, place.start, place.end), bytes: raw };
    }
    const url = lastField(context, 0x1a, start, next);
    const resourceSchemaUrl = readWord(context, url.start, url.end);
    yield* scopesOfResource(context, slices, {
      resource: known.resource,
      resourceSchemaUrl,
      start,
      end: next,
    });
    if (slices.spend(512)) yield;
  }
}

function* scopesOfResource(
  context: DecodeContext,
  slices: Slices,
  { resource, resourceSchemaUrl, start, end }: Omit<ScopePlace, 'scope' | 'scopeSchemaUrl'>,
): Generator<ScopePlace | undefined> {
  const { reader } = context;
  let next = start;
  while (next < end) {
    reader.pos = next;
    const tag = reader.varint(end);
    if (tag !== 0x12 && tag !== OLD_SCOPES) {
      reader.skip(tag, end);
      next = reader.pos;
      continue;
    }
    next = reader.enter(end);
    const scopeStart = reader.pos;
    if (lastField(context, 0x12, scopeStart, next) !== nothing) {
      const place = lastField(context, 0x0a, scopeStart, next);
      const url = lastField(context, 0x1a, scopeStart, next);
      yield {
        resource,
        resourceSchemaUrl,
        scope: readScope(context, place.start, place.end),
        scopeSchemaUrl: readWord(context, url.start, url.end),
        start: scopeStart,
        end: next,
      };
    }
    if (slices.spend(512)) yield;
  }
}
