import type { Span } from '@opentelemetry/api';
import type { Identity } from './identity/identity.js';

/** Who is behind a request, as far as it is known. Shared by all spans of one request in this process. */
export interface Person {
  user: string | undefined;
  session: string | undefined;
  /** The request's own span, which has begun before anybody can say who it is for. */
  readonly root: Span;
}

/** What `register` started, for the functions that an app imports. */
export interface Shared {
  readonly identity: Identity;
  /** By span; weak, so that a span takes its person along. */
  readonly people: WeakMap<object, Person>;
  /** Sends what waits. Never rejects. */
  readonly flush: () => Promise<void>;
}

/**
 * On globalThis, since an app may load this package twice: as an ES module by `--import` and as CommonJS by
 * `require`. The number is the shape's version.
 */
const place = Symbol.for('@lemni/sdk/1');
type Global = typeof globalThis & { [place]?: Shared };

export function shared(): Shared | undefined {
  return (globalThis as Global)[place];
}

export function share(value: Shared): void {
  (globalThis as Global)[place] = value;
}
