import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentDetail, Incident } from '../../src/http/contract/incidents.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { post, tracesRequest } from '../support/otlp-json.js';
import { Session } from '../support/session.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

/**
 * The thin thread through every room, by the public doors only: spans fail after a deploy, the rule fires, an
 * incident names the deploy, the webhook is told, the page hears of it live, and it resolves by itself.
 */
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;
const checkout = { service: 'checkout', version: '1.4.0', environment: 'production' };

let receiver: WebhookReceiver;
let lemni: Lemni;
let session: Session;
let socket: Socket;
const heard: Incident[] = [];

beforeAll(async () => {
  receiver = await WebhookReceiver.listen(secret);
  const directory = mkdtempSync(join(tmpdir(), 'lemni-thread-'));
  writeFileSync(
    join(directory, 'rules.yaml'),
    `groups:
  - name: services
    rules:
      - alert: HighErrorRatio
        kind: errors
        service: '*'
        above: 0.05
        window: 10s
        minRequests: 10
        for: 2s
        severity: critical
`,
  );
  writeFileSync(
    join(directory, 'lemni.yaml'),
    `alerts:
  rules: ['${join(directory, 'rules.yaml')}']
  interval: 1s
  allowPrivateNetworks: [127.0.0.0/8]
  webhooks:
    - { name: chat, url: '${receiver.url}', secret: '${secret}' }
`,
  );
  lemni = await Lemni.start({ env: { LEMNI_CONFIG: join(directory, 'lemni.yaml') } });
  session = await Session.byLink(lemni);
  socket = io(lemni.url, {
    path: '/live',
    transports: ['websocket'],
    extraHeaders: { cookie: session.cookie },
  });
  socket.on('incident', (incident: Incident) => heard.push(incident));
  await eventually(
    () => Promise.resolve(socket.connected),
    (connected) => connected,
  );
});

afterAll(async () => {
  socket.disconnect();
  await lemni.remove();
  await receiver.close();
});

async function requests(count: number, failed: number): Promise<void> {
  const spans = Array.from({ length: count }, (_, i) => ({ name: 'POST /pay', failed: i < failed }));
  const answer = await post(`${lemni.url}/v1/traces`, tracesRequest(checkout, spans));
  expect(answer.status).toBe(200);
}

describe('from a failing release to its webhook and back', () => {
  it('stays quiet while requests succeed', async () => {
    const deploy = await post(`${lemni.url}/api/deploys`, { ...checkout, status: 'succeeded', actor: 'ada' });
    expect(deploy.ok).toBe(true);
    await requests(50, 0);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await session.get<{ items: unknown[] }>('/api/incidents')).items).toEqual([]);
    expect(receiver.deliveries).toEqual([]);
  });

  it('opens an incident that names the deploy, tells the webhook and the page', async () => {
    const started = Date.now();
    const failing = setInterval(() => void requests(20, 10), 500);
    try {
      await eventually(
        () => Promise.resolve(receiver.deliveries.length),
        (count) => count === 1,
        20_000,
      );
    } finally {
      clearInterval(failing);
    }
    const [delivery] = receiver.deliveries;
    expect(delivery?.verified?.type).toBe('incident.firing');
    expect(delivery?.body).toContain('1.4.0');
    expect((delivery?.at ?? 0) - started).toBeGreaterThan(2000);

    const { items } = await session.get<{ items: Incident[] }>('/api/incidents?state=active');
    expect(items).toHaveLength(1);
    const [incident] = items;
    expect(incident).toMatchObject({
      services: ['checkout'],
      state: 'open',
      severity: 'critical',
      number: 1,
    });
    expect(incident?.lastDeploy).toMatchObject({ service: 'checkout', version: '1.4.0', actor: 'ada' });
    expect(incident?.summary).toMatch(/checkout.*%/);
    expect(heard.map(({ id }) => id)).toContain(incident?.id);
  });

  it('resolves by itself and says so, once', async () => {
    const { items } = await session.get<{ items: Incident[] }>('/api/incidents');
    const id = items[0]?.id ?? '';
    const succeeding = setInterval(() => void requests(50, 0), 500);
    let detail: IncidentDetail;
    try {
      detail = await eventually(
        () => session.get<IncidentDetail>(`/api/incidents/${id}`),
        ({ state }) => state === 'resolved',
        30_000,
      );
      await eventually(
        () => Promise.resolve(receiver.deliveries.length),
        (count) => count === 2,
      );
      await new Promise((resolve) => setTimeout(resolve, 2500));
    } finally {
      clearInterval(succeeding);
    }
    expect(receiver.deliveries.map(({ verified }) => verified?.type)).toEqual([
      'incident.firing',
      'incident.resolved',
    ]);
    expect(detail.timeline.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['opened', 'alert_fired', 'alert_resolved', 'resolved']),
    );
    expect(heard.at(-1)).toMatchObject({ id, state: 'resolved' });
    const recorded = await session.get<{ items: { event: string; status: string }[] }>('/api/notifications');
    expect(recorded.items.map(({ event, status }) => `${event} ${status}`).sort()).toEqual([
      'firing sent',
      'resolved sent',
    ]);
  });
});
