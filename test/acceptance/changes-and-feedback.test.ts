import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigSchema } from '../../config/schema.js';
import { changeRoutes } from '../../ingest/changes/http.js';
import { createChangeIntake } from '../../ingest/changes/intake.js';
import { changeMetrics } from '../../ingest/changes/metrics.js';
import { feedbackIngestRoutes } from '../../ingest/feedback/http.js';
import { feedbackMetrics } from '../../ingest/feedback/metrics.js';
import { githubRoutes } from '../../ingest/github/http.js';
import { createScrubber } from '../../ingest/scrub/scrubber.js';
import { feedbackRoutes } from '../../planning/feedback/api.js';
import { createFeedbackDesk } from '../../planning/feedback/desk.js';
import { noProblems } from '../../planning/feedback/ports.js';
import { releaseRoutes } from '../../releases/api.js';
import { releaseMetrics } from '../../releases/metrics.js';
import { createReleases } from '../../releases/releases.js';
import { versionsSeen } from '../../releases/seen.js';
import type { List } from '../../src/http/contract/common.js';
import type { Change } from '../../src/http/contract/changes.js';
import type { Feedback } from '../../src/http/contract/feedback.js';
import { systemClock } from '../../src/lib/clock.js';
import { newUlid } from '../../src/lib/ids.js';
import { deliveryLog } from '../../src/store/state/delivery-log.js';
import { feedbackInbox } from '../../src/store/state/feedback.js';
import { openTelemetryStore, type TelemetryStore } from '../../src/store/telemetry/store.js';
import { eventually } from '../support/eventually.js';
import { appOf, testAccess } from '../support/open-doors.js';
import { freshSqlite, type FreshState } from '../support/state.js';

const logger = pino({ level: 'silent' });
const dataDir = mkdtempSync(join(tmpdir(), 'lemni-changes-'));
const config = ConfigSchema.parse({ dataDir, hooks: { github: { secret: 'hush' } } });
let telemetry: TelemetryStore;
let fresh: FreshState;
let app: ReturnType<typeof appOf>;

beforeAll(async () => {
  const registry = new Registry();
  telemetry = await openTelemetryStore(config, { logger, registry, clock: systemClock });
  fresh = await freshSqlite();
  const { state } = fresh;
  const live = { emit: () => undefined };
  const { access, clock } = { access: testAccess, clock: systemClock };
  const reader = telemetry.readers;
  const sink = telemetry.writer;
  const metrics = changeMetrics(registry);
  const releases = createReleases({
    state,
    seen: versionsSeen(reader),
    live,
    clock,
    logger,
    metrics: releaseMetrics(registry),
  });
  const intake = createChangeIntake({ sink, ledger: releases, metrics });
  const maxFutureMs = config.ingest.maxFuture;
  app = appOf(
    changeRoutes({ access, intake, clock, maxFutureMs }),
    githubRoutes({
      ...config.hooks.github,
      intake,
      deliveries: deliveryLog(state),
      metrics,
      clock,
      maxFutureMs,
    }),
    feedbackIngestRoutes({
      ...config.feedback,
      access,
      sink,
      inbox: feedbackInbox(state),
      live,
      scrub: createScrubber(config.scrub),
      metrics: feedbackMetrics(registry),
      clock,
      newId: newUlid,
      allowedOrigins: config.ingest.allowedOrigins,
    }),
    releaseRoutes({
      ...{ access, state, reader, clock },
      verdicts: { compare: () => Promise.reject(new Error('not asked here')) },
      bakeMs: 1_800_000,
    }),
    feedbackRoutes({
      ...{ access, state, reader, live, clock },
      desk: createFeedbackDesk({ state, reader, live, clock, newId: newUlid }),
      problems: noProblems,
      allowedOrigins: [],
    }),
  );
});
afterAll(async () => {
  await telemetry.stop();
  await fresh.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const list = async <Item>(path: string): Promise<Item[]> => {
  const response = await request(app).get(path).set('X-Test-Role', 'viewer');
  return (response.body as List<Item>).items;
};

it('what was acknowledged is read back through the real writer, once, though it was told three times', async () => {
  for (let i = 0; i < 3; i++) {
    const deploy = await request(app)
      .post('/api/deploys')
      .set('X-Test-Key', 'ingest')
      .send({
        service: 'checkout',
        version: '1.4.0',
        commits: [{ sha: 'a1', message: '🧀' }],
        attributes: { region: 'eu' },
      });
    expect(deploy.status).toBe(i === 0 ? 202 : 200);
    const feedback = await request(app)
      .post('/api/feedback')
      .set('X-Test-Key', 'public')
      .send({
        id: 'feedback-1',
        service: 'checkout',
        rating: 1,
        message: 'Zahlen geht nicht 😡',
        attributes: { plan: 'pro' },
      });
    expect(feedback.status).toBe(i === 0 ? 202 : 200);
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      after: 'abc1234',
      commits: [{ id: 'abc1234', message: 'Fix' }],
      repository: { name: 'checkout', full_name: 'acme/checkout', default_branch: 'main' },
    });
    const hook = await request(app)
      .post('/hooks/github')
      .set({
        'Content-Type': 'application/json',
        'X-GitHub-Event': 'push',
        'X-GitHub-Delivery': `delivery-${i}`,
        'X-Hub-Signature-256': `sha256=${createHmac('sha256', 'hush').update(body).digest('hex')}`,
      })
      .send(body);
    expect(hook.status).toBe(202);
  }
  const changes = await eventually(
    () => list<Change>('/api/changes'),
    (items) => items.length >= 2,
    5000,
  );
  expect(changes.map(({ type }) => type).toSorted()).toEqual(['change.merged', 'service.deployed']);
  expect(changes.find(({ type }) => type === 'service.deployed')).toMatchObject({
    service: 'checkout',
    version: '1.4.0',
    status: 'succeeded',
    startedAt: null,
    commits: [{ sha: 'a1', message: '🧀' }],
    attributes: { region: 'eu' },
  });
  const inbox = await eventually(
    () => list<Feedback>('/api/feedback'),
    (items) => items.length >= 1,
    5000,
  );
  expect(inbox).toMatchObject([
    {
      id: 'feedback-1',
      rating: 1,
      message: 'Zahlen geht nicht 😡',
      attributes: { plan: 'pro' },
      state: 'open',
    },
  ]);
});
