import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/lib/secret.js';
import type { Alert } from '../../../src/model/alerts.js';
import type { Incident } from '../../../src/model/incidents.js';
import { listen, type BadReceiver } from '../../testing/receiver.js';
import type { NoticeContent, Notifier, Outcome } from '../notifier.js';
import { addressGuard } from '../../../src/lib/outbound/addresses.js';
import type { Resolve } from '../../../src/lib/outbound/request.js';
import { webhookPayload } from './payload.js';
import { webhook } from './webhook.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const message = { id: '01JDXK3V0000000000000000AB', payload: '{"type":"test"}' };

let receiver: BadReceiver | undefined;
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

interface Options {
  readonly url?: string;
  readonly allowed?: string[];
  readonly resolve?: Resolve;
  readonly timeoutMs?: number;
  readonly secret?: string;
}

function hook(options: Options): Notifier {
  return webhook(
    {
      name: 'chat',
      url: options.url ?? receiver?.url ?? '',
      secret: new Secret(options.secret ?? secret),
      sendResolved: true,
    },
    {
      guard: addressGuard(options.allowed ?? ['127.0.0.0/8']),
      resolve: options.resolve ?? (() => Promise.resolve([{ address: '127.0.0.1', family: 4 }])),
      timeoutMs: options.timeoutMs ?? 2000,
      userAgent: 'Lemni',
    },
  );
}

async function send(options: Options = {}): Promise<Outcome> {
  const signal = new AbortController().signal;
  return hook(options).send(message, { now: Date.now(), signal });
}

describe('a webhook', () => {
  it("is signed so that Standard Webhooks' own library accepts it, and nothing else does", async () => {
    receiver = await listen((response) => response.end());
    expect(await send()).toEqual({ ok: true });
    const [got] = receiver.received;
    const headers = got?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(got?.body ?? '', headers)).toEqual({ type: 'test' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': message.id,
      'user-agent': 'Lemni',
    });
    expect(() => new Webhook(secret).verify('{"type":"other"}', headers)).toThrow();
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`).verify(got?.body ?? '', headers),
    ).toThrow();
  });

  it('is sent without a signature when there is no secret', async () => {
    receiver = await listen((response) => response.end());
    expect(await send({ secret: '' })).toEqual({ ok: true });
    expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it.each(['hunter2', 'whsec_c2hvcnQ=', `whsec_${Buffer.alloc(65).toString('base64')}`, 'whsec_%%%'])(
    'refuses the secret %s, without showing it',
    (bad) => {
      expect(() => hook({ secret: bad, url: 'https://example.com' })).toThrow(
        /webhook "chat" must be whsec_/,
      );
      expect(() => hook({ secret: bad, url: 'https://example.com' })).not.toThrow(bad);
    },
  );

  interface Case {
    readonly name: string;
    readonly answer: (response: ServerResponse) => void;
    readonly want: Partial<Extract<Outcome, { ok: false }>> | { ok: true };
    readonly says?: RegExp;
  }
  const cases: Case[] = [
    { name: '204', answer: (r) => r.writeHead(204).end(), want: { ok: true } },
    {
      name: '500',
      answer: (r) => r.writeHead(500).end('no <db>'),
      want: { retry: true, reason: 'server_error' },
      says: /answered 500: no <db>$/,
    },
    { name: '410', answer: (r) => r.writeHead(410).end(), want: { retry: false, reason: 'gone' } },
    { name: '404', answer: (r) => r.writeHead(404).end(), want: { retry: true, reason: 'client_error' } },
    {
      name: 'Retry-After in seconds',
      answer: (r) => r.writeHead(503, { 'retry-after': '120' }).end(),
      want: { retry: true, retryAfterMs: 120_000 },
    },
    {
      name: '429',
      answer: (r) => r.writeHead(429, { 'retry-after': 'soon' }).end(),
      want: { retry: true, reason: 'rate_limited' },
    },
    {
      name: 'a redirect inside',
      answer: (r) => r.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
      want: { retry: true, reason: 'redirect' },
      says: /a redirect to 169\.254\.169\.254, which is not followed/,
    },
    {
      name: 'a connection that is cut',
      answer: (r) => r.destroy(),
      want: { retry: true, reason: 'network' },
    },
    {
      name: 'headers without an end',
      answer: (r) => r.socket?.write('HTTP/1.1 200 OK\r\nx: '),
      want: { retry: true, reason: 'timeout' },
      says: /did not answer within 0.5 s/,
    },
    { name: 'silence', answer: () => undefined, want: { retry: true, reason: 'timeout' } },
    {
      name: 'no HTTP at all',
      answer: (r) => r.socket?.end('hello\r\n\r\n'),
      want: { retry: true, reason: 'network' },
    },
    // Said yes and then too much: it arrived.
    { name: '200 with a body without end', answer: endless, want: { ok: true } },
    {
      name: '500 with a body without end',
      answer: (r) => endless(r.writeHead(500)),
      want: { retry: true, reason: 'server_error' },
    },
    {
      name: 'our own address said back',
      answer: (r) => r.writeHead(500).end('POST /hooks/secret-path?token=secret-token failed'),
      want: { retry: true },
    },
  ];
  it.each(cases)('takes $name for what it is, and shows no secret', async ({ answer, want, says }) => {
    receiver = await listen(answer);
    const outcome = await send({ timeoutMs: 500 });
    expect(outcome).toMatchObject(want);
    if (outcome.ok) return;
    expect(outcome.error).toContain(`http://127.0.0.1:${receiver.port}/...`);
    expect(outcome.error).not.toMatch(/secret/);
    expect(outcome.error.length).toBeLessThan(500);
    if (says) expect(outcome.error).toMatch(says);
    expect(receiver.received).toHaveLength(1);
  });

  it('sends the user and password of its address, and never shows them', async () => {
    receiver = await listen((response) => response.writeHead(500).end());
    const outcome = await send({ url: receiver.url.replace('://', '://lemni:hunter2@') });
    expect(receiver.received[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('lemni:hunter2').toString('base64')}`,
    );
    expect(JSON.stringify(outcome)).not.toMatch(/hunter2/);
  });

  it('stops waiting when Lemni stops', async () => {
    receiver = await listen(() => undefined);
    const stopping = new AbortController();
    const sent = hook({ timeoutMs: 30_000 }).send(message, { now: Date.now(), signal: stopping.signal });
    setTimeout(() => stopping.abort(), 100);
    expect(await sent).toMatchObject({ ok: false, retry: true });
  });
});

function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(16_384)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

describe('a webhook to the inside', () => {
  it('is refused for every form of a private address, and nothing is sent', async () => {
    receiver = await listen((response) => response.end());
    const { port } = receiver;
    const addresses = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '[::]',
    ];
    for (const address of addresses) {
      const outcome = await send({ url: `http://${address}:${port}/`, allowed: [] });
      expect(outcome).toMatchObject({ ok: false, retry: false, reason: 'refused_address' });
      expect(outcome).toHaveProperty(
        'error',
        expect.stringMatching(/list its network in alerts.allowPrivateNetworks/),
      );
    }
    expect(receiver.received).toEqual([]);
  });

  it('says that loopback must be allowed even on the machine Lemni runs on', async () => {
    const outcome = await send({ url: 'http://127.0.0.1:1/', allowed: [] });
    expect(outcome).toHaveProperty(
      'error',
      '127.0.0.1 is not a public address (loopback): list its network in alerts.allowPrivateNetworks to allow it (this is needed on the machine Lemni runs on, too)',
    );
  });

  it('is refused when any address of the name is inside', async () => {
    receiver = await listen((response) => response.end());
    const resolve: Resolve = () =>
      Promise.resolve([
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]);
    const outcome = await send({ url: `http://hooks.example:${receiver.port}/`, allowed: [], resolve });
    expect(outcome).toMatchObject({ reason: 'refused_address' });
    expect(outcome).toHaveProperty('error', expect.stringMatching(/^hooks\.example resolves to 10\.0\.0\.1/));
  });

  it('goes to the address that was checked, whatever the name says a moment later', async () => {
    receiver = await listen((response) => response.end());
    let asked = 0;
    const resolve: Resolve = () => {
      asked++;
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    };
    // The name does not exist: without the pinned address the connection could not be made.
    const outcome = await send({ url: `http://rebinding.invalid:${receiver.port}/`, resolve });
    expect(outcome).toEqual({ ok: true });
    expect(asked).toBe(1);
    expect(receiver.received[0]?.headers.host).toBe(`rebinding.invalid:${receiver.port}`);
  });

  it('waits no longer for a name than for the receiver', async () => {
    const outcome = await send({
      url: 'http://slow.example/',
      resolve: () => new Promise(() => undefined),
      timeoutMs: 200,
    });
    expect(outcome).toMatchObject({ reason: 'timeout' });
  });

  it('says when a name does not exist', async () => {
    const resolve: Resolve = () => Promise.reject(new Error('getaddrinfo ENOTFOUND nobody.example'));
    const outcome = await send({ url: 'http://nobody.example/x', resolve });
    expect(outcome).toMatchObject({ retry: true, reason: 'network' });
    expect(outcome).toHaveProperty('error', expect.stringMatching(/ENOTFOUND/));
  });
});

describe('addresses', () => {
  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '127.8.8.8',
    '169.254.169.254',
    '100.64.0.1',
    '0.1.2.3',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '192.0.0.170',
    '198.18.0.1',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '::a00:1',
    '::a9fe:a9fe',
    '2002:7f00:1::',
    '2001:db8::1',
    '2001::1',
    'x',
    '',
  ])('refuses %s', (address) => {
    expect(addressGuard([]).refusal(address)).toBeDefined();
  });

  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8'])(
    'allows %s',
    (address) => {
      expect(addressGuard([]).refusal(address)).toBeUndefined();
    },
  );

  it('allows what the configuration lists, and no more', () => {
    const guard = addressGuard(['10.1.0.0/16', '::1', '192.168.7.7']);
    expect(guard.refusal('10.1.200.3')).toBeUndefined();
    expect(guard.refusal('::ffff:10.1.200.3')).toBeUndefined();
    expect(guard.refusal('10.2.0.1')).toBeDefined();
    expect(guard.refusal('::1')).toBeUndefined();
    expect(guard.refusal('127.0.0.1')).toBeDefined();
    expect(guard.refusal('192.168.7.8')).toBeDefined();
  });

  it.each(['10.0.0.0/33', 'inside', '10.0.0/x'])('says that %s is not a network', (network) => {
    expect(() => addressGuard([network])).toThrow(/is not a network; write for example/);
  });
});

describe('the payload', () => {
  const incident: Incident = {
    id: 'i1',
    number: 7,
    title: 'cart: requests fail',
    state: 'open',
    severity: 'critical',
    services: ['cart'],
    environment: 'prod',
    openedAt: 1_795_000_000_000,
    acknowledgedAt: null,
    resolvedAt: null,
    assignee: null,
    summary: 'cart: 7 % of requests fail',
    lastDeploy: { service: 'cart', version: '2.0', at: 1_794_999_000_000, releaseId: 'rel-1', actor: 'ada' },
  };
  const alert = (i: number, annotation: string): Alert => ({
    ...{
      id: `a${i}`,
      ruleId: 'r',
      rule: 'High',
      group: 'g',
      fingerprint: `f${i}`,
      state: 'firing',
      value: 0.07,
    },
    labels: { service: 'cart', alertname: 'High' },
    annotations: { summary: annotation },
    ...{ activeAt: 1, firedAt: 2, resolvedAt: null, keepFiringSince: null, incidentId: 'i1', savedAt: 3 },
    ...{ title: 't', sentence: 's', reason: 'r', facts: {} },
  });
  const content = (alerts: Alert[]): NoticeContent => ({
    ...{ event: 'firing', sequence: 2, at: 1_795_000_000_000, incident, alerts },
    ...{ reopened: false, suspect: null },
    links: {
      incident: 'https://lemni.example/incidents/i1',
      release: 'https://lemni.example/releases/rel-1',
      logs: 'https://lemni.example/logs',
      traces: 'https://lemni.example/traces',
    },
  });

  it('has type, timestamp and data with incident, alerts, deploy and links', () => {
    const { type, timestamp, data } = JSON.parse(webhookPayload(content([alert(1, 'x')])));
    expect([type, timestamp]).toEqual(['incident.firing', '2026-11-18T11:06:40.000Z']);
    expect(data).toMatchObject({
      sequence: 2,
      incident: { id: 'i1', number: 7, severity: 'critical', services: ['cart'] },
      alerts: [{ rule: 'High', state: 'firing', labels: { service: 'cart' }, annotations: { summary: 'x' } }],
      truncatedAlerts: 0,
      lastDeploy: { version: '2.0', at: expect.stringMatching(/^2026-/) },
      links: { incident: 'https://lemni.example/incidents/i1' },
    });
  });

  it.each([
    [3, 10],
    [1000, 10],
    [20, 4000],
    [20, 400],
  ])('stays below 20 kB with %i alerts of %i characters, and counts what is left out', (count, length) => {
    const text = webhookPayload(
      content(Array.from({ length: count }, (_, i) => alert(i, 'ü'.repeat(length)))),
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000);
    const { data } = JSON.parse(text) as { data: { alerts: unknown[]; truncatedAlerts: number } };
    expect(data.alerts.length + data.truncatedAlerts).toBe(count);
    expect(data.alerts.length).toBeGreaterThan(0);
  });
});
