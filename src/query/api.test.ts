import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../http/contract/common.js';
import { appOf, testAccess } from '../../test/support/open-doors.js';
import { queryRoutes } from './api.js';
import { openEngine, type Engine } from './testing/engine.js';

const now = Date.parse('2026-11-22T10:00:00Z');
let engine: Engine;
let app: ReturnType<typeof appOf>;

beforeAll(async () => {
  engine = await openEngine();
  app = appOf(
    queryRoutes({
      reader: engine.reader,
      access: testAccess,
      clock: { now: () => now, sleep: () => Promise.resolve() },
      versions: { current: () => Promise.resolve([]) },
      incidents: { open: () => Promise.resolve([]) },
      problems: { counts: () => Promise.resolve({ ever: 0, active: 0, regressed: 0 }) },
    }),
  );
  await engine.insert('otel_logs', [
    { Timestamp: '2026-11-22 09:59:00', ServiceName: 'shop', Body: 'hello' },
  ]);
});
afterAll(() => engine.close());

const paths = [
  '/api/logs',
  '/api/logs/histogram',
  '/api/logs/facets',
  '/api/logs/fields',
  '/api/logs/patterns',
  '/api/traces',
  '/api/traces/histogram',
  '/api/traces/operations',
  '/api/metrics',
  '/api/metrics/series?name=x',
  '/api/services',
  '/api/loop',
];

describe('queryRoutes', () => {
  it.each([...paths, '/api/logs/context?id=x', '/api/traces/abc'])(
    '%s is for those who are logged in',
    async (path) => {
      await request(app).get(path).expect(401);
    },
  );

  it.each(paths)('%s answers a viewer', async (path) => {
    const { body } = await request(app).get(path).set('X-Test-Role', 'viewer').expect(200);
    expect(body).toBeTypeOf('object');
  });

  it.each<[string, number, string | undefined]>([
    ['/api/logs?query=service:', 400, '8'],
    ['/api/logs?query=/a(/', 400, undefined],
    ['/api/logs?limit=0', 400, 'limit'],
    ['/api/logs?limit=1001', 400, 'limit'],
    ['/api/logs?order=sideways', 400, 'order'],
    ['/api/logs?from=now&to=now-1h', 400, 'from'],
    ['/api/logs?from=nonsense', 400, 'from'],
    ['/api/logs?cursor=nonsense', 400, 'cursor'],
    ['/api/logs?query=a&query=b', 400, 'query'],
    ['/api/logs/histogram?buckets=501', 400, 'buckets'],
    ['/api/logs/context?id=nonsense', 400, 'id'],
    ['/api/logs/context', 400, 'id'],
    ['/api/logs/context?id=AAAAAAAAAAAAAAAAAAAAAA', 404, 'id'],
    ['/api/traces?minDuration=fast', 400, 'minDuration'],
    ['/api/traces?status=odd', 400, 'status'],
    ['/api/traces/unknown', 404, 'traceId'],
    ['/api/metrics/series', 400, 'name'],
    ['/api/metrics/series?name=x&match={', 400, '1'],
    ['/api/metrics/series?name=x&aggregation=mode', 400, 'aggregation'],
    ['/api/services?from=now-401d', 400, 'from'],
  ])('%s is a problem with words', async (path, status, at) => {
    const { body } = await request(app).get(path).set('X-Test-Role', 'viewer').expect(status);
    const problem = Problem.parse(body);
    expect(problem.detail).toMatch(/[.]$/);
    expect(problem.at).toBe(at);
  });

  it('finds what is asked for', async () => {
    const { body } = await request(app)
      .get('/api/logs')
      .query({ query: 'service:shop hello', from: 'now-5m' })
      .set('X-Test-Role', 'viewer');
    expect(body).toMatchObject({
      items: [{ body: 'hello', timestamp: '2026-11-22T09:59:00.000000000Z' }],
      nextCursor: null,
    });
  });
});
