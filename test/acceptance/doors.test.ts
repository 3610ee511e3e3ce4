import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataUrl, pngOf } from '../../ingest/feedback/testing/images.js';
import type { KeyCreated, KeyScope } from '../../src/http/contract/accounts.js';
import type { Change } from '../../src/http/contract/changes.js';
import type { Feedback } from '../../src/http/contract/feedback.js';
import type { LogRecord } from '../../src/http/contract/telemetry.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { MetricsText } from '../support/metrics-text.js';
import { goodBody, logsOf } from '../support/otlp/bad-bodies.js';
import { exportOverGrpc, sendOtlp } from '../support/otlp/wire.js';
import { Session } from '../support/session.js';

/**
 * Who may not come in: Lemni listens on every address here, so that each door needs a key, that of this
 * machine too. Payloads of GitHub are those that Octokit publishes.
 */
const hookSecret = 'correct horse battery staple';
const shop = 'https://shop.example';
const stranger = 'https://evil.example';

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly object[];
}[];

let lemni: Lemni;
let session: Session;
let directory: string;
const keys = new Map<string, string>();
const key = (name: string): string => keys.get(name) ?? '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lemni-doors-'));
  const file = join(directory, 'lemni.yaml');
  writeFileSync(
    file,
    `host: 0.0.0.0
ingest: { allowedOrigins: ['${shop}'] }
hooks: { github: { secret: '${hookSecret}' } }
`,
  );
  lemni = await Lemni.start({ env: { LEMNI_CONFIG: file } });
  session = await Session.byLink(lemni);
  for (const scope of ['ingest', 'public', 'api'] satisfies KeyScope[]) {
    const created = await session.send<KeyCreated>('POST', '/api/keys', { name: scope, scope });
    keys.set(scope, created.key);
  }
  const revoked = await session.send<KeyCreated>('POST', '/api/keys', { name: 'revoked', scope: 'ingest' });
  // Used once before it is revoked, so that it was kept in memory.
  expect((await request('POST', '/v1/logs', { key: revoked.key, body: logs() })).status).toBe(200);
  await session.send('DELETE', `/api/keys/${revoked.id}`);
  keys.set('revoked', revoked.key);
  keys.set('wrong', `lemni_ingest_${'A'.repeat(43)}`);
});
afterAll(async () => {
  await lemni.remove();
  rmSync(directory, { recursive: true, force: true });
});

const logs = (): string => logsOf('json', 'doors', [{ body: { stringValue: 'one' } }]).toString();
const deploy = (): string => JSON.stringify({ service: 'doors', version: '1.0.0' });
const feedback = (): string => JSON.stringify({ service: 'doors', message: 'hello', rating: 3 });

/** The examples are years old, and changes are kept for two: they happened an hour ago here. */
function lately(body: object): string {
  const at = new Date(Date.now() - 3_600_000).toISOString();
  return JSON.stringify(body)
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)"/g, `"${at}"`)
    .replaceAll(/(?<="(created|pushed|updated)_at":)\d{10}\b/g, String(Math.floor(Date.parse(at) / 1000)));
}

interface Sent {
  readonly key?: string | undefined;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function request(method: string, path: string, sent: Sent = {}): Promise<Response> {
  return fetch(lemni.url + path, {
    method,
    headers: {
      ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(sent.key === undefined ? {} : { authorization: `Bearer ${sent.key}` }),
      ...sent.headers,
    },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  });
}

describe('keys', () => {
  const senders = [
    { door: 'OTLP', path: '/v1/logs', body: logs, form: 'application/json', open: ['ingest'], taken: 200 },
    {
      door: 'deploys',
      path: '/api/deploys',
      body: deploy,
      form: 'application/problem+json; charset=utf-8',
      open: ['ingest'],
      taken: 202,
    },
    {
      door: 'feedback',
      path: '/api/feedback',
      body: feedback,
      form: 'application/problem+json; charset=utf-8',
      open: ['ingest', 'public', 'api'],
      taken: 202,
    },
  ];
  it.each(senders)('$door: only the right ones open it', async ({ path, body, form, open, taken }) => {
    for (const name of [undefined, 'wrong', 'revoked', 'ingest', 'public', 'api']) {
      const answer = await request('POST', path, {
        key: name === undefined ? undefined : key(name),
        body: body(),
      });
      const known = name === 'ingest' || name === 'public' || name === 'api';
      const expected = !known ? 401 : open.includes(name) ? taken : 403;
      // The same deploy is told again: that is 200.
      expect([200, expected], String(name)).toContain(answer.status);
      if (expected >= 400) expect(answer.status, String(name)).toBe(expected);
      if (answer.status >= 400) expect(answer.headers.get('content-type')).toBe(form);
    }
  });

  it('OTLP in protobuf is refused in protobuf, over gRPC with its code', async () => {
    const body = goodBody('traces', 'protobuf');
    const answer = await sendOtlp(`${lemni.url}/v1/traces`, 'protobuf', body);
    expect(answer).toMatchObject({ status: 401, contentType: 'application/x-protobuf', body: { code: 16 } });
    for (const name of [undefined, 'wrong', 'revoked', 'public', 'api', 'ingest']) {
      const { code } = await exportOverGrpc(
        lemni.grpcPort,
        'traces',
        body,
        name === undefined ? {} : { key: key(name) },
      );
      // 16 is UNAUTHENTICATED.
      expect(code, String(name)).toBe(name === 'ingest' ? 0 : 16);
    }
  });

  it.each(['/api/logs', '/api/incidents', '/api/feedback', '/api/keys', '/api/users', '/metrics'])(
    'reading %s takes a login or a key that may',
    async (path) => {
      for (const name of [undefined, 'wrong', 'revoked', 'ingest', 'public']) {
        const answer = await request('GET', path, name === undefined ? {} : { key: key(name) });
        expect([401, 403], String(name)).toContain(answer.status);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
      const asViewer = await request('GET', path, { key: key('api') });
      expect(asViewer.status).toBe(['/api/keys', '/api/users'].includes(path) ? asViewer.status : 200);
      if (path === '/api/keys') expect(asViewer.status).toBe(403);
    },
  );

  it('a key is never said again', async () => {
    const listed = JSON.stringify(await session.get('/api/keys'));
    for (const secret of [key('ingest'), key('api')]) {
      expect(listed).not.toContain(secret);
      expect(lemni.log + lemni.output).not.toContain(secret);
    }
  });
});

describe('pages of other sites', () => {
  it('may not send telemetry or feedback unless their origin was allowed', async () => {
    for (const [path, body] of [
      ['/v1/logs', logs()],
      ['/api/feedback', feedback()],
    ] as const) {
      const refused = await request('POST', path, {
        key: key('public'),
        body,
        headers: { origin: stranger },
      });
      expect(refused.status, path).toBe(403);
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
      const preflight = await request('OPTIONS', path, {
        headers: { origin: stranger, 'access-control-request-method': 'POST' },
      });
      expect(preflight.status, path).toBe(403);
      const allowed = await request('POST', path, { key: key('public'), body, headers: { origin: shop } });
      expect([200, 202], path).toContain(allowed.status);
      expect(allowed.headers.get('access-control-allow-origin')).toBe(shop);
    }
  });

  it('can neither read nor change anything in the name of who is logged in', async () => {
    const cookie = session.cookie;
    const read = await request('GET', '/api/logs', { headers: { cookie, origin: shop } });
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
    for (const headers of [
      { cookie, origin: stranger },
      { cookie, origin: shop },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie },
    ]) {
      const made = await request('POST', '/api/keys', {
        body: JSON.stringify({ name: 'stolen', scope: 'api' }),
        headers,
      });
      expect(made.status, JSON.stringify(headers)).toBe(403);
    }
    const login = await request('POST', '/api/login', {
      body: JSON.stringify({ email: 'ada@example.com', password: 'guessed it' }),
      headers: { origin: stranger },
    });
    expect(login.status).toBe(403);
    expect(JSON.stringify(await session.get('/api/keys'))).not.toContain('stolen');
  });
});

describe("GitHub's webhooks", () => {
  const sign = (body: string, secret = hookSecret): string =>
    `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const deliver = (event: string, body: string, signature?: string, id: string = randomUUID()) =>
    request('POST', '/hooks/github', {
      body,
      headers: {
        'x-github-event': event,
        'x-github-delivery': id,
        ...(signature === undefined ? {} : { 'x-hub-signature-256': signature }),
      },
    });
  const changes = async (): Promise<Change[]> =>
    (await session.get<{ items: Change[] }>('/api/changes?from=2015-01-01T00:00:00Z&limit=500')).items;
  const real = examples
    .filter(({ name }) => ['ping', 'push', 'deployment_status', 'deployment', 'workflow_run'].includes(name))
    .flatMap(({ name, examples: bodies }) => bodies.map((body) => [name, lately(body)] as const));

  it('unsigned or wrongly signed: refused, nothing is kept', async () => {
    const before = (await changes()).length;
    for (const [event, body] of real) {
      expect((await deliver(event, body)).status).toBe(401);
      expect((await deliver(event, body, sign(body, 'guess'))).status).toBe(401);
      expect((await deliver(event, `${body} `, sign(body))).status).toBe(401);
      expect((await deliver(event, body, sign(body).replace('sha256=', 'sha1='))).status).toBe(401);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await changes()).toHaveLength(before);
  });

  it('signed: taken once, however often it is replayed', async () => {
    const ids = real.map(() => randomUUID());
    for (const [i, [event, body]] of real.entries()) {
      const answer = await deliver(event, body, sign(body), ids[i]);
      // One of the examples gives the id of another one's deployment to a second environment.
      if (answer.status === 409) expect(await answer.text()).toContain('already names a deploy');
      else expect([200, 202], event).toContain(answer.status);
    }
    const kept = await eventually(changes, ({ length }) => length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const once = await changes();
    expect(once.length).toBeGreaterThanOrEqual(kept.length);
    for (const [i, [event, body]] of real.entries()) {
      // The same delivery, and the same event under a new delivery id (GitHub's "Redeliver" keeps the id).
      expect([200, 202, 409]).toContain((await deliver(event, body, sign(body), ids[i])).status);
      expect([200, 202, 409]).toContain((await deliver(event, body, sign(body))).status);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await changes()).map(({ id }) => id).toSorted()).toEqual(once.map(({ id }) => id).toSorted());
    const metrics = await MetricsText.read(lemni.url, { authorization: `Bearer ${key('api')}` });
    const deliveries = 'lemni_hooks_deliveries_total';
    expect(metrics.sum(deliveries, { outcome: 'unauthenticated' })).toBe(4 * real.length);
    expect(metrics.sum(deliveries, { outcome: 'duplicate' })).toBeGreaterThan(0);
  });

  it('signed nonsense is said to be malformed', async () => {
    for (const body of ['{', '[]', 'null', '{"deployment":7}', '\u0000']) {
      const answer = await deliver('deployment_status', body, sign(body));
      expect([202, 400], body).toContain(answer.status);
      if (answer.status === 400) {
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
    }
  });
});

describe('scripts in what strangers say', () => {
  const script = `<script>alert(document.cookie)</script><img src=x onerror="alert(1)">`;

  it('stay text: in a log line, in feedback, in an error that quotes them', async () => {
    const body = logsOf('json', 'scripts', [{ body: { stringValue: script } }]).toString();
    expect((await request('POST', '/v1/logs', { key: key('ingest'), body })).status).toBe(200);
    const told = JSON.stringify({ service: 'scripts', message: script, page: `javascript:${script}` });
    expect((await request('POST', '/api/feedback', { key: key('public'), body: told })).status).toBe(202);

    const found = await eventually(
      () => session.get<{ items: LogRecord[] }>('/api/logs?query=service:scripts&from=now-1h'),
      ({ items }) => items.length === 1,
    );
    expect(found.items[0]?.body).toBe(script);
    const inbox = await eventually(
      () => session.get<{ items: Feedback[] }>('/api/feedback?service=scripts'),
      ({ items }) => items.length === 1,
    );
    expect(inbox.items[0]?.message).toBe(script);
    for (const path of [
      '/api/logs?query=service:scripts',
      '/api/feedback?service=scripts',
      `/api/feedback/${inbox.items[0]?.id ?? ''}`,
      `/api/logs?query=${encodeURIComponent(`"${script}`)}`,
      `/api/${encodeURIComponent(script)}`,
    ]) {
      const answer = await request('GET', path, { headers: { cookie: session.cookie } });
      expect(answer.headers.get('content-type'), path).toMatch(
        /^application\/(problem\+)?json(; charset=utf-8)?$/,
      );
      expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });

  it('a screenshot is a picture in a sandbox or it is refused', async () => {
    const post = (screenshot: string) =>
      request('POST', '/api/feedback', {
        key: key('public'),
        body: JSON.stringify({ id: 'with-picture', service: 'pictures', message: 'see', screenshot }),
      });
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`);
    for (const bad of [
      dataUrl('image/svg+xml', svg),
      dataUrl('image/png', svg),
      dataUrl('text/html', Buffer.from(script)),
      `data:image/png,${script}`,
    ]) {
      const answer = await post(bad);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    // A picture with a page behind its end.
    expect((await post(dataUrl('image/png', pngOf(20, 10, Buffer.from(script))))).status).toBe(202);
    const path = '/api/feedback/with-picture/screenshot';
    expect((await request('GET', path)).status).toBe(401);
    const image = await eventually(
      () => request('GET', path, { headers: { cookie: session.cookie } }),
      ({ ok }) => ok,
    );
    expect(image.headers.get('content-type')).toBe('image/png');
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    expect(image.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(image.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
});
