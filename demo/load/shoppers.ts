import { randomBytes } from 'node:crypto';
import { catalogue, type CartLine } from '../services/catalogue.js';

/** Someone whose order failed: what a complaint about it carries. */
export interface FailedOrder {
  readonly at: number;
  readonly user: string;
  readonly session: string;
  readonly traceId: string;
}

export interface Load {
  readonly counts: { readonly orders: number; readonly failed: number };
  /** The newest orders that failed, at most 200. */
  readonly failedOrders: readonly FailedOrder[];
  /** Resolves when the last request was answered. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly shopUrl: string;
  /** Orders a second, about; each comes with a look at the page and at an article. */
  readonly ordersPerSecond: number;
  readonly random?: () => number;
}

const people = 240;
const keptFailures = 200;
/** More at once are not begun: a slow shop must not pile up requests. */
const maxInFlight = 40;

/** People who look around and buy. Each has a user id and a session, which travel as W3C baggage. */
export function startLoad({ shopUrl, ordersPerSecond, random = Math.random }: LoadOptions): Load {
  const counts = { orders: 0, failed: 0 };
  const failedOrders: FailedOrder[] = [];
  const inFlight = new Set<Promise<void>>();

  async function visit(): Promise<void> {
    const person = Math.floor(random() * people);
    const user = `user-${person}`;
    const session = `session-${person}-${Math.floor(Date.now() / 600_000)}`;
    const headers = { baggage: `session.id=${session},user.id=${user}` };
    await read(fetch(`${shopUrl}/`, { headers }));
    await read(fetch(`${shopUrl}/api/articles/${pick(catalogue, random).sku}`, { headers }));
    const traceId = randomBytes(16).toString('hex');
    counts.orders++;
    const ok = await read(
      fetch(`${shopUrl}/api/orders`, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          // As a browser's OpenTelemetry SDK begins a trace.
          traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
        },
        body: JSON.stringify({ lines: cart(random) }),
      }),
    );
    if (ok) return;
    counts.failed++;
    failedOrders.push({ at: Date.now(), user, session, traceId });
    if (failedOrders.length > keptFailures) failedOrders.shift();
  }

  const timer = setInterval(() => {
    if (inFlight.size >= maxInFlight) return;
    const going = visit().finally(() => inFlight.delete(going));
    inFlight.add(going);
  }, 1000 / ordersPerSecond);
  return {
    counts,
    failedOrders,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(inFlight);
    },
  };
}

/** Every other cart has three or more of one article. */
export function cart(random: () => number): CartLine[] {
  const lines = new Map<string, number>();
  const articles = 1 + Math.floor(random() * 3);
  for (let i = 0; i < articles; i++) lines.set(pick(catalogue, random).sku, 1 + Math.floor(random() * 2));
  if (random() < 0.5) lines.set(pick(catalogue, random).sku, 3 + Math.floor(random() * 3));
  return [...lines].map(([sku, quantity]) => ({ sku, quantity }));
}

/** Reads the answer to its end, so that the connection is used again. */
async function read(answer: Promise<Response>): Promise<boolean> {
  try {
    const response = await answer;
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}
