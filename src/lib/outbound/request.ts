import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { cleanText } from '../text.js';
import type { AddressGuard } from './addresses.js';

/** Resolves a host name to all its addresses (dns.promises.lookup with `all`). */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface OutboundDeps {
  readonly guard: AddressGuard;
  readonly resolve: Resolve;
}

export interface OutboundRequest {
  /** POST when it is not given. */
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: none is sent. */
  readonly body: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Bytes of the answer's body that are read; default 64 KiB. */
  readonly maxResponseBytes?: number;
}

export interface OutboundResponse {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  /** The first characters, for the log of what went wrong. */
  readonly excerpt: string;
}

/** For those who need more of the answer than whether it arrived. */
export interface OutboundAnswer extends OutboundResponse {
  /** By lower-case name; of a repeated one the first. */
  readonly header: (name: string) => string | undefined;
  /** Undefined: it was longer than asked for, or was cut off. */
  readonly body: string | undefined;
}

/** The address may not be reached: nothing was sent. */
export class RefusedAddress extends Error {}

const maxResponseBytes = 64 * 1024;
const excerptChars = 200;

/** POSTs a message: see `exchange`. */
export async function post(deps: OutboundDeps, outgoing: OutboundRequest): Promise<OutboundResponse> {
  const { status, retryAfter, location, excerpt } = await exchange(deps, outgoing);
  return { status, retryAfter, location, excerpt };
}

/**
 * Asks an address that was checked: the name is resolved once, every address it has must be allowed, and the
 * connection goes to those and no others, so that a name that changes in between (DNS rebinding) gains nothing.
 * Redirects are answers like any other, the answer's body is read to its bound. Throws `RefusedAddress`, and
 * whatever the network throws.
 */
export async function exchange(deps: OutboundDeps, outgoing: OutboundRequest): Promise<OutboundAnswer> {
  const { url } = outgoing;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new RefusedAddress('Only http and https addresses can be told.');
  }
  const deadline = new Deadline(outgoing.signal, outgoing.timeoutMs);
  try {
    const addresses = await deadline.race(allowedAddresses(deps, url.hostname));
    return await send(outgoing, addresses, deadline.signal);
  } finally {
    deadline.clear();
  }
}

async function send(
  outgoing: OutboundRequest,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const agent = new Agent({
    connect: { lookup: pinned(addresses), timeout: outgoing.timeoutMs },
    maxResponseSize: outgoing.maxResponseBytes ?? maxResponseBytes,
    headersTimeout: outgoing.timeoutMs,
    bodyTimeout: outgoing.timeoutMs,
    pipelining: 0,
  });
  try {
    const { statusCode, headers, body } = await request(outgoing.url, {
      method: outgoing.method ?? 'POST',
      headers: { ...outgoing.headers },
      ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
      dispatcher: agent,
      signal,
    });
    // What the receiver says about it matters little: a body too long or cut off changes nothing.
    const text = await body.text().catch(() => undefined);
    return {
      status: statusCode,
      retryAfter: one(headers['retry-after']),
      location: one(headers['location']),
      excerpt: cleanText(text ?? '', excerptChars),
      header: (name) => one(headers[name]),
      body: text,
    };
  } finally {
    await agent.destroy();
  }
}

async function allowedAddresses(deps: OutboundDeps, hostname: string): Promise<readonly LookupAddress[]> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  const addresses = family === 0 ? await deps.resolve(hostname) : [{ address: literal, family }];
  if (addresses.length === 0) throw new Error(`${hostname} has no address`);
  for (const { address } of addresses) {
    const refusal = deps.guard.refusal(address);
    if (refusal !== undefined) {
      throw new RefusedAddress(family === 0 ? `${hostname} resolves to ${refusal}` : refusal);
    }
  }
  return addresses;
}

/** Answers net.connect's question with the addresses that were checked, whatever name it asks for. */
function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true || first === undefined) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

/** Ends when its time is over or when the caller says so. (AbortSignal.any keeps every signal for ever in Node 20.) */
class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #abort = (): void => this.#controller.abort(new DOMException('aborted', 'AbortError'));

  constructor(outer: AbortSignal, ms: number) {
    this.#outer = outer;
    this.#timer = setTimeout(() => {
      this.#controller.abort(new DOMException('timed out', 'TimeoutError'));
    }, ms);
    if (outer.aborted) this.#abort();
    else outer.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
  }

  /** Lets go of what cannot be cancelled itself, such as a name lookup. */
  async race<T>(work: Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const ended = new Promise<never>((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason as DOMException), { once: true });
    });
    return await Promise.race([work, ended]);
  }
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
