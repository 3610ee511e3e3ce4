import { readFileSync } from 'node:fs';
import type { RequestHandler, Router } from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { alertRoutes } from '../../alerts/api.js';
import { changeRoutes } from '../../ingest/changes/http.js';
import { feedbackIngestRoutes } from '../../ingest/feedback/http.js';
import { githubRoutes } from '../../ingest/github/http.js';
import { otlpRoutes } from '../../ingest/otlp/http.js';
import { feedbackRoutes } from '../../planning/feedback/api.js';
import { problemRoutes } from '../../planning/problems/api.js';
import { releaseRoutes } from '../../releases/api.js';
import { suspectRoutes } from '../../releases/suspects/api.js';
import { accountRoutes } from '../../src/http/accounts/routes.js';
import type { KeyScope, Role } from '../../src/http/contract/accounts.js';
import { openApiDocument, routeDocs } from '../../src/http/openapi/document.js';
import type { Door } from '../../src/http/openapi/route.js';
import { openApiRoutes } from '../../src/http/openapi/routes.js';
import { probeRoutes } from '../../src/http/probes.js';
import { widgetRoutes } from '../../src/http/widget.js';
import { queryRoutes } from '../../src/query/api.js';
import { openGate, type Gate } from '../support/http.js';

/** A door that lets nobody in and says which one it is. */
type Marked = RequestHandler & { readonly door: Door };
function marked(door: Door): RequestHandler {
  const handler: RequestHandler = () => undefined;
  return Object.assign(handler, { door }) satisfies Marked;
}

/** Stands for everything that a room needs to be mounted, never to be asked. */
const anything: object = new Proxy(() => undefined, {
  get: (_target, name) => (name === Symbol.toPrimitive ? () => 1 : anything),
  apply: () => anything,
});
const deps = new Proxy(
  {
    access: {
      role: (role: Role) => marked({ kind: 'role', role }),
      person: (role: Role) => marked({ kind: 'person', role }),
      key: (...scopes: readonly KeyScope[]) => marked({ kind: 'key', scopes }),
      sameSite: marked({ kind: 'open' }),
    },
    allowedOrigins: [],
    perMinute: 1,
    maxScreenshotBytes: 1,
    host: '127.0.0.1',
    checks: {},
  },
  { get: (target, name) => (name in target ? target[name as keyof typeof target] : anything) },
) as never;

const rooms: Readonly<Record<string, Router>> = {
  accountRoutes: accountRoutes(deps),
  alertRoutes: alertRoutes(deps),
  changeRoutes: changeRoutes(deps),
  feedbackIngestRoutes: feedbackIngestRoutes(deps),
  feedbackRoutes: feedbackRoutes(deps),
  githubRoutes: githubRoutes(deps),
  openApiRoutes: openApiRoutes('0'),
  otlpRoutes: otlpRoutes(deps),
  probeRoutes: probeRoutes(deps),
  problemRoutes: problemRoutes(deps),
  queryRoutes: queryRoutes(deps),
  releaseRoutes: releaseRoutes(deps),
  suspectRoutes: suspectRoutes(deps),
  widgetRoutes: widgetRoutes(undefined),
};

interface Layer {
  readonly handle: RequestHandler & { readonly door?: Door };
  readonly route?: {
    readonly path: string | readonly string[];
    readonly methods: Record<string, boolean>;
    readonly stack: Layer[];
  };
}

/** `get /api/incidents/{id}` to its door, of what is really mounted. */
function mounted(): Map<string, Door> {
  const found = new Map<string, Door>();
  for (const router of Object.values(rooms)) {
    for (const { route } of router.stack as unknown as Layer[]) {
      if (!route) continue;
      const door = route.stack.map(({ handle }) => handle.door).find(Boolean) ?? { kind: 'open' as const };
      for (const path of [route.path].flat().filter((one) => one.startsWith('/api/'))) {
        const documented = path.replace(/:(\w+)/g, '{$1}');
        // `_all`: what runs before a method's own handler (CORS).
        for (const method of Object.keys(route.methods).filter((name) => name !== '_all'))
          found.set(`${method} ${documented}`, door);
      }
    }
  }
  return found;
}

describe('the description of the API', () => {
  it('knows every room that app.ts mounts', () => {
    const app = readFileSync(new URL('../../src/app.ts', import.meta.url), 'utf8');
    const named = [...app.matchAll(/^\s+(\w+Routes)\(/gm)].map(([, name = '']) => name);
    expect(Object.keys(rooms)).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  it('has every route that is mounted, with its door, and no other', () => {
    const described = new Map(routeDocs.map(({ method, path, door }) => [`${method} ${path}`, door]));
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(mounted()));
  });

  it('is valid in itself: names once, references that lead somewhere', () => {
    const document = openApiDocument('1.2.3');
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe('1.2.3');
    const text = JSON.stringify(document);
    const references = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
    );
    expect(references.size).toBeGreaterThan(20);
    const names = Object.keys(document.components?.schemas ?? {});
    for (const name of references) expect(names).toContain(name);
    expect(names.filter((name) => name.endsWith('Output'))).toEqual([]);
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(routeDocs.length);
  });

  it('tells what a client needs of one route', () => {
    const { paths } = openApiDocument('1');
    expect(paths?.['/api/users/{id}']?.patch).toMatchObject({
      operationId: 'patchUsersId',
      security: [{ session: [] }, { key: [] }],
      parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
      requestBody: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/UserPatch' } } },
      },
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } } },
        default: {
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    });
  });

  let gate: Gate | undefined;
  afterEach(() => gate?.stop());
  it('is served without a login', async () => {
    gate = await openGate({ routes: () => [openApiRoutes('1.2.3')] });
    const { body } = await request(gate.http.app)
      .get('/api/openapi.json')
      .set('Host', 'localhost')
      .expect(200);
    expect(body.info).toMatchObject({ title: 'Lemni', version: '1.2.3' });
  });
});
