import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyCreated } from '../../src/http/contract/accounts.js';
import type { Problem } from '../../src/http/contract/common.js';
import type { Incident } from '../../src/http/contract/incidents.js';
import type { LogHistogram } from '../../src/http/contract/telemetry.js';
import { Secret } from '../../src/lib/secret.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import { startClickHouseHttp, type ClickHouseHttp } from '../support/clickhouse-http/start.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { logsRequest, post, tracesRequest } from '../support/otlp-json.js';
import { startPostgres, type Postgres } from '../support/postgres.js';
import { Session } from '../support/session.js';

/**
 * Lemni on ClickHouse over HTTP and PostgreSQL, both in processes of their own that go away for ten seconds.
 * The first is the test program of test/support/clickhouse-http: see there for what it cannot show.
 */
const awayMs = 10_000;
const perRequest = 5;
const megabyte = 'x'.repeat(200_000);

let directory: string;
let clickhouse: ClickHouseHttp;
let postgres: Postgres;
let lemni: Lemni;
let pid: number;
let session: Session;
let env: Record<string, string>;
const others: Lemni[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lemni-away-'));
  [clickhouse, postgres] = await Promise.all([
    startClickHouseHttp(join(directory, 'clickhouse')),
    startPostgres(),
  ]);
  writeFileSync(
    join(directory, 'rules.yaml'),
    `groups:
  - name: services
    rules:
      - { alert: HighErrorRatio, kind: errors, service: '*', above: 0.05, window: 10s, minRequests: 10, for: 1s, severity: critical }
`,
  );
  writeFileSync(
    join(directory, 'lemni.yaml'),
    `alerts: { rules: ['${join(directory, 'rules.yaml')}'], interval: 1s }\nwriter: { maxSpoolBytes: 8MiB }\n`,
  );
  env = {
    LEMNI_CONFIG: join(directory, 'lemni.yaml'),
    LEMNI_CLICKHOUSE_URL: clickhouse.url,
    LEMNI_POSTGRES_URL: postgres.url.reveal(),
  };
  lemni = await Lemni.start({ env });
  pid = lemni.pid;
  session = await Session.byLink(lemni);
});
afterAll(async () => {
  await Promise.all([lemni, ...others].map((one) => one.remove()));
  await clickhouse.kill();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
});

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends numbered requests until it is ended, and tells what was answered to each. */
class Sender {
  readonly acknowledged: number[] = [];
  readonly refused: number[] = [];
  slowestMs = 0;
  readonly #ended = new AbortController();
  readonly #done: Promise<void>;

  constructor(url: string, service: string, headers: Record<string, string> = {}) {
    this.#done = (async () => {
      for (let number = 0; !this.#ended.signal.aborted; number++) {
        const records = Array.from({ length: perRequest }, (_, i) => ({
          body: `record ${i}`,
          attributes: { request: String(number) },
        }));
        const begun = Date.now();
        const { status } = await post(`${url}/v1/logs`, logsRequest({ service }, records), headers);
        this.slowestMs = Math.max(this.slowestMs, Date.now() - begun);
        if (status === 200) this.acknowledged.push(number);
        else this.refused.push(status);
        await wait(20);
      }
    })();
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#done;
  }
}

/** How often each request of a service is in the table, as ClickHouse itself has it. */
async function stored(service: string): Promise<Map<number, number>> {
  const database = await connectTelemetry({
    url: clickhouse.url,
    dataDir: '',
    database: 'lemni',
    user: 'default',
    password: new Secret(''),
  });
  const rows = await database.rows<{ request: string; records: number }>(
    "SELECT LogAttributes['request'] AS request, toUInt32(count()) AS records FROM otel_logs WHERE ServiceName = {s:String} GROUP BY request",
    { s: service },
  );
  await database.close();
  return new Map(rows.map(({ request, records }) => [Number(request), records]));
}

async function ready(): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${lemni.url}/-/ready`);
  return { status: answer.status, text: await answer.text() };
}

interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function problemOf(path: string, init: Init = {}): Promise<object> {
  const answer = await fetch(lemni.url + path, {
    ...init,
    headers: { cookie: session.cookie, ...init.headers },
  });
  const problem = (await answer.json()) as Problem;
  return { ...problem, form: answer.headers.get('content-type') };
}

const awayProblem = {
  status: 503,
  form: expect.stringContaining('application/problem+json'),
  detail: expect.stringMatching(/\w+ \w+ \w+/),
};

describe('ClickHouse goes away', () => {
  it('what is sent meanwhile is acknowledged and there once after its return', async () => {
    const sender = new Sender(lemni.url, 'patient');
    await wait(1000);
    const gone = Date.now();
    await clickhouse.kill();
    const { status, text } = await eventually(ready, (answer) => answer.status === 503);
    expect([status, text]).toEqual([503, expect.stringContaining('The telemetry database does not answer')]);
    for (const path of ['/api/logs?query=service:patient', '/api/traces', '/api/logs/histogram']) {
      expect(await problemOf(path), path).toMatchObject(awayProblem);
    }
    await wait(awayMs - (Date.now() - gone));
    clickhouse = await startClickHouseHttp(join(directory, 'clickhouse'), clickhouse.port);
    await eventually(ready, (answer) => answer.status === 200);
    await sender.end();

    expect(sender.refused).toEqual([]);
    expect(sender.acknowledged.length).toBeGreaterThan(50);
    const counts = await eventually(
      () => stored('patient'),
      (found) => found.size >= sender.acknowledged.length,
      20_000,
    );
    expect(sender.acknowledged.filter((number) => counts.get(number) !== perRequest)).toEqual([]);
    expect(counts.size).toBe(sender.acknowledged.length);
    expect(lemni.pid).toBe(pid);
  });

  it('until the spool is full: then senders are asked to come back, and taken after its return', async () => {
    await clickhouse.kill();
    const send = (): Promise<Response> =>
      post(`${lemni.url}/v1/logs`, logsRequest({ service: 'spooled' }, [{ body: megabyte }]));
    let taken = 0;
    let answer = await send();
    for (; answer.status === 200 && taken < 100; answer = await send()) taken += 1;
    expect(taken).toBeGreaterThan(20);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ code: 14, message: expect.stringContaining('spool') });
    clickhouse = await startClickHouseHttp(join(directory, 'clickhouse'), clickhouse.port);
    await eventually(send, ({ status }) => status === 200, 20_000);
    const { total } = await eventually(
      () => session.get<LogHistogram>('/api/logs/histogram?query=service:spooled&from=now-1h'),
      (found) => found.total > taken,
    );
    expect(total).toBe(taken + 1);
  });
});

describe('PostgreSQL goes away', () => {
  it('telemetry goes on, people are told, and everything else goes on after its return', async () => {
    const used = await session.send<KeyCreated>('POST', '/api/keys', { name: 'used', scope: 'ingest' });
    const fresh = await session.send<KeyCreated>('POST', '/api/keys', { name: 'fresh', scope: 'ingest' });
    const keyed = new Sender(lemni.url, 'keyed', { authorization: `Bearer ${used.key}` });
    const keyless = new Sender(lemni.url, 'keyless');
    await wait(1000);
    const gone = Date.now();
    await postgres.kill();
    const { text } = await eventually(ready, (answer) => answer.status === 503);
    expect(text).toContain('The state database does not answer');
    for (const path of ['/api/logs', '/api/incidents', '/api/me', '/api/keys']) {
      expect(await problemOf(path), path).toMatchObject(awayProblem);
    }
    const deploy = { service: 'failing', version: '2.0.0', status: 'succeeded', actor: 'ada' };
    const told = await problemOf('/api/deploys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(deploy),
    });
    expect(told).toMatchObject(awayProblem);
    // A key that was never seen cannot be judged now: the sender comes back.
    const unknown = await post(`${lemni.url}/v1/logs`, logsRequest({ service: 'x' }, []), {
      authorization: `Bearer ${fresh.key}`,
    });
    expect(unknown.status).toBe(503);
    expect(Number(unknown.headers.get('retry-after'))).toBeGreaterThan(0);
    await wait(awayMs - (Date.now() - gone));
    await postgres.restart();
    await eventually(ready, (answer) => answer.status === 200);
    await Promise.all([keyed.end(), keyless.end()]);

    for (const [name, sender] of Object.entries({ keyed, keyless })) {
      expect(sender.refused, name).toEqual([]);
      const counts = await eventually(
        () => stored(name),
        (found) => found.size >= sender.acknowledged.length,
      );
      expect(
        sender.acknowledged.filter((number) => counts.get(number) !== perRequest),
        name,
      ).toEqual([]);
    }
    expect((await post(`${lemni.url}/api/deploys`, deploy)).status).toBe(202);
    expect(lemni.pid).toBe(pid);
  });

  it('and rules are evaluated again', async () => {
    const failing = setInterval(() => {
      const spans = Array.from({ length: 20 }, () => ({ name: 'POST /pay', failed: true }));
      void post(`${lemni.url}/v1/traces`, tracesRequest({ service: 'failing', version: '2.0.0' }, spans));
    }, 500);
    try {
      const { items } = await eventually(
        () => session.get<{ items: Incident[] }>('/api/incidents?state=active'),
        (answer) => answer.items.length > 0,
        20_000,
      );
      expect(items[0]).toMatchObject({ services: ['failing'], lastDeploy: { version: '2.0.0' } });
    } finally {
      clearInterval(failing);
    }
  });
});

describe('both are silent: connections stay open and nothing answers', () => {
  it('telemetry with a known key goes on without waiting, and people are told soon', async () => {
    const { key } = await session.send<KeyCreated>('POST', '/api/keys', { name: 'silence', scope: 'ingest' });
    const sender = new Sender(lemni.url, 'silence', { authorization: `Bearer ${key}` });
    await wait(500);
    clickhouse.pause();
    postgres.pause();
    const gone = Date.now();
    try {
      const { status, text } = await ready();
      expect([status, text]).toEqual([503, expect.stringMatching(/telemetry[^]*state/)]);
      expect(Date.now() - gone).toBeLessThan(9000);
      // Longer than a key is believed without asking (15 s).
      await wait(18_000 - (Date.now() - gone));
    } finally {
      clickhouse.resume();
      postgres.resume();
    }
    await eventually(ready, (answer) => answer.status === 200);
    await sender.end();
    expect(sender.refused).toEqual([]);
    expect(sender.slowestMs).toBeLessThan(3000);
    const counts = await eventually(
      () => stored('silence'),
      (found) => found.size >= sender.acknowledged.length,
      20_000,
    );
    expect(sender.acknowledged.filter((number) => counts.get(number) !== perRequest)).toEqual([]);
    expect(lemni.pid).toBe(pid);
  });
});

describe('two Lemni processes over both', () => {
  it('start, take telemetry, and each shows what the other took', async () => {
    const second = await Lemni.start({ env });
    others.push(second);
    const from = [
      [lemni, 'first'],
      [second, 'second'],
    ] as const;
    for (const [one, name] of from) {
      const logs = Array.from({ length: 20 }, (_, i) => ({ body: `${name} ${i}` }));
      expect((await post(`${one.url}/v1/logs`, logsRequest({ service: 'both' }, logs))).status).toBe(200);
      const deploy = { service: 'both', version: name, status: 'succeeded' };
      expect((await post(`${one.url}/api/deploys`, deploy)).status).toBe(202);
    }
    for (const [one] of from) {
      // One login is good for both, since sessions live in PostgreSQL.
      const get = async <T>(path: string): Promise<T> => {
        const answer = await fetch(one.url + path, { headers: { cookie: session.cookie } });
        expect(answer.status).toBe(200);
        return (await answer.json()) as T;
      };
      const found = await eventually(
        () => get<LogHistogram>('/api/logs/histogram?query=service:both&from=now-1h'),
        ({ total }) => total === 40,
      );
      expect(found.total).toBe(40);
      const { items } = await get<{ items: { version: string }[] }>('/api/releases?service=both');
      expect(items.map(({ version }) => version).toSorted()).toEqual(['first', 'second']);
    }
    // That each rule is evaluated by one of them only comes with a later version.
  });

  it('one ends while the other goes on', async () => {
    const [second] = others;
    const sender = new Sender(lemni.url, 'remaining');
    expect(await second?.stop()).toBe(0);
    await wait(500);
    await sender.end();
    expect(sender.refused).toEqual([]);
    expect((await ready()).status).toBe(200);
  });
});
