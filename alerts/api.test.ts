import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  Alert,
  Incident,
  IncidentDetail,
  Notification,
  Notifier,
  Rules,
} from '../src/http/contract/incidents.js';
import { listOf } from '../src/http/contract/common.js';
import { insertUser } from '../src/store/state/accounts.js';
import { appOf, testAccess } from '../test/support/open-doors.js';
import { alertRoutes } from './api.js';
import { rules, Scenario } from './testing/scenario.js';

let s: Scenario;
let agent: ReturnType<typeof supertest>;

beforeAll(async () => {
  s = await Scenario.open({
    rules: rules('alert: High, above: 5%, severity: critical', 'alert: Slow, above: 40%, for: 1h'),
  });
  for (let i = 0; i < 5; i++) s.data.set(`service-${i}`, 100, 50);
  await s.until(15);
  s.data.set('service-0', 100, 0);
  await s.until(30);
  agent = supertest(
    appOf(alertRoutes({ access: testAccess, alerts: s.alerts, state: s.state, clock: s.clock })),
  );
});
afterAll(() => s.stop());

async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  const response = await agent.get(path).set('X-Test-Role', 'viewer');
  expect(response.status).toBe(200);
  return schema.parse(response.body);
}

describe('the REST API of alerts', () => {
  it('lists alerts, the firing and gravest first, and those resolved a moment ago', async () => {
    const { items } = await get('/api/alerts', listOf(Alert));
    expect(items.map(({ state, rule }) => `${state} ${rule}`)).toEqual([
      ...Array(4).fill('firing High'),
      ...Array(4).fill('pending Slow'),
      'resolved High',
    ]);
  });

  it('lists rules with their state', async () => {
    const { items, fileErrors } = await get('/api/rules', Rules);
    expect(fileErrors).toEqual([]);
    expect(items).toMatchObject([
      { name: 'High', state: 'firing', alerts: 4, lastError: null, kind: 'errors', group: 'g' },
      { name: 'Slow', state: 'pending', alerts: 4, forMs: 3_600_000 },
    ]);
  });

  it('pages through incidents, newest first, and filters them', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: Incident[]; nextCursor: string | null } = await get(
        `/api/incidents?limit=2&cursor=${cursor}`,
        listOf(Incident),
      );
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.flatMap(({ services }) => services));
      cursor = page.nextCursor;
    }
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4].map((i) => `service-${i}`));
    expect((await get('/api/incidents?state=active', listOf(Incident))).items).toHaveLength(4);
    expect((await get('/api/incidents?state=resolved', listOf(Incident))).items).toHaveLength(1);
    expect((await get('/api/incidents?service=service-3', listOf(Incident))).items).toHaveLength(1);
    expect((await get('/api/incidents?from=now&to=now', listOf(Incident))).items).toHaveLength(0);
  });

  it('shows an incident and takes what people do with it', async () => {
    const { items } = await get('/api/incidents?service=service-1', listOf(Incident));
    const path = `/api/incidents/${items[0]?.id ?? ''}`;
    await insertUser(s.state, {
      ...{ id: 'bob', email: 'bob@example.com', name: 'Bob', role: 'responder', password_hash: null },
      ...{ created_at: 1, last_login_at: null, disabled: 0 },
    });
    const responder = (url: string) => agent.post(url).set('X-Test-Role', 'responder');
    const acknowledged = await responder(`${path}/acknowledge`);
    expect(IncidentDetail.parse(acknowledged.body)).toMatchObject({ state: 'acknowledged' });
    expect((await responder(`${path}/assign`).send({ assignee: 'bob@example.com' })).body.assignee).toBe(
      'bob@example.com',
    );
    expect(
      (await responder(`${path}/comment`).send({ text: '<script>' })).body.timeline.at(-1),
    ).toMatchObject({
      kind: 'comment',
      text: '<script>',
      actor: 'Ada',
    });
    expect((await responder(`${path}/resolve`)).body.state).toBe('resolved');
    const detail = await get(path, IncidentDetail);
    expect(detail.timeline.map(({ kind }) => kind)).toEqual([
      ...['opened', 'alert_fired', 'notification', 'acknowledged', 'assigned', 'comment', 'resolved'],
    ]);
  });

  it('lists what was sent, and the notifiers', async () => {
    const { items, nextCursor } = await get('/api/notifications?limit=3', listOf(Notification));
    expect(items).toHaveLength(3);
    expect(nextCursor).not.toBeNull();
    const rest = await get(`/api/notifications?cursor=${nextCursor ?? ''}`, listOf(Notification));
    expect(new Set([...items, ...rest.items].map(({ id }) => id)).size).toBe(7);
    expect(items[0]).toMatchObject({ incidentNumber: expect.any(Number), status: 'pending' });
    const failed = await get('/api/notifications?status=failed', listOf(Notification));
    expect(failed.items).toEqual([]);
    expect((await get('/api/notifications?status=pending', listOf(Notification))).items).toHaveLength(1);
    const hers = await get('/api/notifications?notifier=hook0&status=sent', listOf(Notification));
    expect(hers.items.length).toBeGreaterThan(5);
    expect((await get('/api/notifications?notifier=nobody', listOf(Notification))).items).toEqual([]);
    const notifiers = await get('/api/notifiers', listOf(Notifier));
    expect(notifiers.items).toMatchObject([
      {
        ...{ name: 'hook0', kind: 'webhook', sendResolved: true, failed: 0, pending: 1 },
        target: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\.\.\.$/),
        ...{ sent: hers.items.length, last: { status: 'pending', attempts: 0 } },
      },
    ]);
  });

  it.each([
    ['get', '/api/incidents/nobody', 'viewer', undefined, 404],
    ['get', '/api/incidents?state=open%00', 'viewer', undefined, 400],
    ['get', '/api/incidents?cursor=zzz', 'viewer', undefined, 400],
    ['get', '/api/incidents?from=yesterday', 'viewer', undefined, 400],
    ['get', '/api/incidents?limit=100000', 'viewer', undefined, 400],
    ['get', '/api/alerts', '', undefined, 401],
    ['post', '/api/incidents/nobody/acknowledge', 'responder', undefined, 404],
    ['post', '/api/incidents/nobody/acknowledge', 'viewer', undefined, 403],
    ['post', '/api/incidents/nobody/comment', 'responder', { text: '' }, 400],
    ['post', '/api/incidents/nobody/comment', 'responder', { text: 'x'.repeat(4001) }, 400],
    ['post', '/api/incidents/nobody/comment', 'responder', {}, 400],
    ['post', '/api/incidents/nobody/assign', 'responder', { assignee: 7 }, 400],
    ['post', '/api/incidents/nobody/assign', 'responder', { assignee: 'mallory@example.com' }, 400],
    ['post', '/api/notifiers/hook0/test', 'responder', undefined, 403],
    ['post', '/api/notifiers/nobody/test', 'admin', undefined, 404],
  ] as const)('%s %s as %s with %j answers %i', async (method, path, role, body, status) => {
    const response = await agent[method](path).set('X-Test-Role', role).send(body);
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ status, detail: expect.any(String) });
  });
});
