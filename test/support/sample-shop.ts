import {
  logsRequest,
  newSpanId,
  newTraceId,
  post,
  tracesRequest,
  type LogInput,
  type SpanInput,
} from './otlp-json.js';
import { seeded } from '../../src/lib/seeded.js';

/**
 * An hour of a small made-up shop, for pages to show: six services, a deploy of checkout fourteen minutes ago
 * after which every thirteenth payment fails, the logs of it, and what people said. Seeded: the same each time.
 */
export interface SampleOptions {
  readonly url: string;
  readonly now: number;
  /** Requests a minute into the shop. */
  readonly perMinute?: number;
  readonly minutes?: number;
}

const environment = 'production';
const versions: Readonly<Record<string, string>> = {
  frontend: '3.2.0',
  checkout: '1.3.2',
  payment: '2.0.1',
  catalog: '5.1.0',
  accounts: '1.0.7',
  shipping: '0.9.4',
};
const deployedMinutesAgo = 14;

interface Visit {
  readonly route: string;
  readonly path: readonly (readonly [service: string, operation: string])[];
}

const visits: readonly Visit[] = [
  { route: 'GET /products/{id}', path: [['catalog', 'GET /catalog/{id}']] },
  { route: 'GET /search', path: [['catalog', 'GET /catalog']] },
  { route: 'POST /login', path: [['accounts', 'POST /sessions']] },
  {
    route: 'POST /pay',
    path: [
      ['checkout', 'POST /orders'],
      ['payment', 'POST /charges'],
      ['shipping', 'POST /parcels'],
    ],
  },
];

export async function sendSampleShop(options: SampleOptions): Promise<void> {
  const { url, now, perMinute = 60, minutes = 60 } = options;
  const random = seeded(7);
  await sendDeploys(url, now);
  for (let minute = minutes; minute > 0; minute--) {
    const spans = new Map<string, SpanInput[]>();
    const logs = new Map<string, LogInput[]>();
    const wave = 1 + 0.3 * Math.sin(minute / 6);
    for (let i = 0; i < perMinute * wave; i++) {
      const at = now - minute * 60_000 + Math.floor(random() * 60_000);
      if (at < now) visit({ at, now, random, spans, logs });
    }
    for (const [key, members] of spans) await send(`${url}/v1/traces`, tracesRequest(fromKey(key), members));
    for (const [key, members] of logs) await send(`${url}/v1/logs`, logsRequest(fromKey(key), members));
  }
  await sendFeedback(url);
}

interface VisitContext {
  readonly at: number;
  readonly now: number;
  readonly random: () => number;
  readonly spans: Map<string, SpanInput[]>;
  readonly logs: Map<string, LogInput[]>;
}

function visit({ at, now, random, spans, logs }: VisitContext): void {
  const chosen = visits[Math.floor(random() ** 1.5 * visits.length)] ?? visits[0];
  if (!chosen) return;
  const traceId = newTraceId();
  const rootId = newSpanId();
  const isNew = at > now - deployedMinutesAgo * 60_000;
  const failing = chosen.route === 'POST /pay' && isNew && random() < 0.3;
  const rootMs = 40 + random() * 120 + (failing ? 900 : 0);
  push(spans, keyOf('frontend', isNew), {
    name: chosen.route,
    traceId,
    spanId: rootId,
    at,
    durationMs: rootMs,
    failed: failing,
  });
  let parent = rootId;
  let begin = at + 5;
  let left = rootMs * 0.85;
  for (const [service, operation] of chosen.path) {
    const spanId = newSpanId();
    const failed = failing && service === 'checkout';
    const key = keyOf(service, isNew);
    push(spans, key, {
      name: operation,
      traceId,
      spanId,
      parentSpanId: parent,
      at: Math.floor(begin),
      durationMs: left,
      failed,
    });
    push(spans, key, {
      name: `SELECT ${service}`,
      kind: 3,
      traceId,
      parentSpanId: spanId,
      at: Math.floor(begin + left * 0.1),
      durationMs: left * 0.3,
    });
    push(logs, key, {
      body: `${operation} finished in ${Math.round(left)} ms for order ${Math.floor(random() * 90_000)}`,
      at: Math.floor(begin + left),
      traceId,
      spanId,
      attributes: {
        'http.route': operation.split(' ')[1] ?? '',
        'user.id': `u${Math.floor(random() * 400)}`,
      },
    });
    if (failed) {
      push(logs, key, {
        body: `cannot read property 'total' of undefined while pricing order ${Math.floor(random() * 90_000)}`,
        severity: 17,
        at: Math.floor(begin + left),
        traceId,
        spanId,
        attributes: {
          'exception.type': 'TypeError',
          'exception.message': "cannot read property 'total' of undefined",
          'exception.stacktrace':
            "TypeError: cannot read property 'total' of undefined\n    at price (/app/src/pricing.js:41:17)\n    at pay (/app/src/pay.js:88:9)",
        },
      });
      return;
    }
    parent = spanId;
    begin += left * 0.45;
    left *= 0.45;
  }
}

function keyOf(service: string, isNew: boolean): string {
  const version = service === 'checkout' && isNew ? '1.4.0' : (versions[service] ?? '');
  return `${service}|${version}`;
}

function fromKey(key: string) {
  const [service = '', version = ''] = key.split('|');
  return { service, version, environment };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

async function send(url: string, body: unknown): Promise<void> {
  const answer = await post(url, body);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

async function sendDeploys(url: string, now: number): Promise<void> {
  const at = (minutesAgo: number): string => new Date(now - minutesAgo * 60_000).toISOString();
  const deploys = [
    { service: 'payment', version: '2.0.1', actor: 'grace', minutesAgo: 52 },
    { service: 'checkout', version: '1.3.2', actor: 'linus', minutesAgo: 47 },
    { service: 'frontend', version: '3.2.0', actor: 'ada', minutesAgo: 33 },
    { service: 'checkout', version: '1.4.0', actor: 'ada', minutesAgo: deployedMinutesAgo },
  ];
  for (const { minutesAgo, ...deploy } of deploys) {
    await send(`${url}/api/deploys`, {
      ...deploy,
      environment,
      status: 'succeeded',
      commit: `8f3c2b1${minutesAgo}`,
      startedAt: at(minutesAgo + 2),
      finishedAt: at(minutesAgo),
      commits: [
        { sha: `8f3c2b1${minutesAgo}`, message: 'Price orders in one pass', author: deploy.actor },
        { sha: `77a0c4e${minutesAgo}`, message: 'Show the parcel number', author: 'linus' },
      ],
    });
  }
}

async function sendFeedback(url: string): Promise<void> {
  const said = [
    {
      rating: 1,
      message: 'I pressed Pay three times and got an error each time. Is my card charged now?',
      page: '/pay',
    },
    { rating: 2, message: 'Payment page just spins, then says something went wrong.', page: '/pay' },
    { rating: 5, message: 'Love the new search, so fast.', page: '/search?q=lamp' },
    { rating: 1, message: 'cannot order since an hour ago :(', page: '/cart' },
    { rating: 4, message: 'Nice shop. Dark mode please.', page: '/' },
  ];
  for (const entry of said) {
    await send(`${url}/api/feedback`, {
      service: 'frontend',
      version: '3.2.0',
      environment,
      ...entry,
      page: `https://shop.example.com${entry.page}`,
      sessionId: `s-${entry.rating}-${entry.page.length}`,
      email: entry.rating === 1 ? 'mona@example.com' : undefined,
    });
  }
}
