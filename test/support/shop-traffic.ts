import { newSpanId, newTraceId } from './otlp-json.js';

/** What the shop is doing at the moment. */
export interface Traffic {
  /** The version of checkout that answers. */
  version: string;
  /** The share of orders that fails, 0 to 1. */
  failing: number;
  /** The traces of the newest orders that failed, at most 50. */
  readonly failed: string[];
  stop(): Promise<void>;
}

const everyMs = 250;
const ordersEach = 10;
const users = 60;
const text = (key: string, value: string): unknown => ({ key, value: { stringValue: value } });

/**
 * Orders of a shop over OTLP/JSON, forty a second, each a trace: web calls checkout. Goes on while Lemni is away, as
 * senders do, and what was not taken is lost.
 */
export function shopTraffic(url: string): Traffic {
  let order = 0;
  const failed: string[] = [];
  const sending = new Set<Promise<unknown>>();
  const traffic: Traffic = {
    version: '1.0.0',
    failing: 0,
    failed,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(sending);
    },
  };
  const timer = setInterval(() => {
    const web: unknown[] = [];
    const checkout: unknown[] = [];
    for (let i = 0; i < ordersEach; i++) {
      order++;
      // The same share in every stretch of orders: no luck in a test.
      const fails = Math.floor(order * traffic.failing) > Math.floor((order - 1) * traffic.failing);
      const [traceId, rootId, clientId] = [newTraceId(), newSpanId(), newSpanId()];
      if (fails) failed.push(traceId);
      const of = { traceId, fails, user: `user-${order % users}` };
      web.push(span({ ...of, name: 'POST /api/orders', kind: 2, spanId: rootId, parent: '', ms: 40 }));
      web.push(span({ ...of, name: 'POST', kind: 3, spanId: clientId, parent: rootId, ms: 35 }));
      checkout.push(
        span({
          ...of,
          name: 'POST /orders',
          kind: 2,
          spanId: newSpanId(),
          parent: clientId,
          ms: 30,
          throws: fails,
        }),
      );
    }
    failed.splice(0, Math.max(0, failed.length - 50));
    const body = JSON.stringify({
      resourceSpans: [spansOf('web', '5.0.0', web), spansOf('checkout', traffic.version, checkout)],
    });
    const post = fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(5000),
    })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined)
      .finally(() => sending.delete(post));
    sending.add(post);
  }, everyMs);
  return traffic;
}

interface SpanWords {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string;
  readonly name: string;
  readonly kind: number;
  readonly ms: number;
  readonly fails: boolean;
  readonly user: string;
  readonly throws?: boolean;
}

function span({ traceId, spanId, parent, name, kind, ms, fails, user, throws }: SpanWords): unknown {
  const end = BigInt(Date.now()) * 1_000_000n;
  const exception = {
    timeUnixNano: String(end),
    name: 'exception',
    attributes: [
      text('exception.type', 'PriceError'),
      text('exception.message', 'amount must be a whole number of cents'),
      text(
        'exception.stacktrace',
        'PriceError: amount must be a whole number of cents\n    at charge (app.js:1:1)',
      ),
    ],
  };
  return {
    ...{ traceId, spanId, parentSpanId: parent, name, kind },
    startTimeUnixNano: String(end - BigInt(ms) * 1_000_000n),
    endTimeUnixNano: String(end),
    attributes: [text('user.id', user)],
    status: fails ? { code: 2, message: 'it failed' } : {},
    ...(throws === true ? { events: [exception] } : {}),
  };
}

function spansOf(service: string, version: string, spans: readonly unknown[]): unknown {
  return {
    resource: {
      attributes: [
        text('service.name', service),
        text('service.version', version),
        text('deployment.environment.name', 'production'),
      ],
    },
    scopeSpans: [{ scope: { name: 'test' }, spans }],
  };
}
