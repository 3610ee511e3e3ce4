import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServiceGraph } from './service-graph.js';
import { openEngine, type Engine } from './testing/engine.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const range = { fromMs: now - 10 * 60_000, toMs: now };

let engine: Engine;
let nextId = 0;

beforeAll(async () => {
  engine = await openEngine();
});
beforeEach(() => engine.command('TRUNCATE TABLE otel_traces'));
afterAll(() => engine.close());

interface Told {
  readonly service: string;
  readonly kind?: string;
  readonly failed?: boolean;
  readonly environment?: string;
  readonly calls?: readonly Told[];
}

/** A trace from what calls what; each callee 10 ms after its caller. */
function trace(root: Told, atMs: number): object[] {
  const TraceId = (++nextId).toString(16).padStart(32, '0');
  const spans = (told: Told, ParentSpanId: string, at: number): object[] => {
    const SpanId = (++nextId).toString(16).padStart(16, '0');
    const span = {
      Timestamp: new Date(at).toISOString().replace('T', ' ').replace('Z', ''),
      TraceId,
      SpanId,
      ParentSpanId,
      SpanName: 'work',
      SpanKind: told.kind ?? 'Server',
      ServiceName: told.service,
      Environment: told.environment ?? 'production',
      StatusCode: told.failed === true ? 'Error' : 'Unset',
    };
    return [span, ...(told.calls ?? []).flatMap((callee) => spans(callee, SpanId, at + 10))];
  };
  return spans(root, '', atMs);
}

const shop: Told = {
  service: 'web',
  calls: [
    { service: 'web', kind: 'Client', calls: [{ service: 'checkout', failed: true }] },
    {
      service: 'web',
      kind: 'Internal',
      calls: [{ service: 'web', kind: 'Producer', calls: [{ service: 'mail', kind: 'Consumer' }] }],
    },
  ],
};

describe('calls', () => {
  it('are spans whose parent is of another service, with those that failed', async () => {
    await engine.insert('otel_traces', [
      ...trace(shop, now - 120_000),
      ...trace(shop, now - 60_000),
      ...trace({ service: 'web', calls: [{ service: 'checkout', environment: 'staging' }] }, now - 60_000),
    ]);
    expect(await createServiceGraph(engine.reader).calls(range)).toEqual([
      { caller: 'web', callee: 'checkout', environment: 'production', calls: 2, errors: 2 },
      { caller: 'web', callee: 'mail', environment: 'production', calls: 2, errors: 0 },
      { caller: 'web', callee: 'checkout', environment: 'staging', calls: 1, errors: 0 },
    ]);
  });

  it('outside of the time are not among them; without any there are none', async () => {
    await engine.insert('otel_traces', trace(shop, now - 20 * 60_000));
    expect(await createServiceGraph(engine.reader).calls(range)).toEqual([]);
  });

  it('a caller that began before the time is known', async () => {
    await engine.insert('otel_traces', trace(shop, range.fromMs - 15));
    const calls = await createServiceGraph(engine.reader).calls(range);
    expect(calls.map(({ callee }) => callee)).toEqual(['checkout', 'mail']);
  });

  it('of more spans than may be read are estimated from a part', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => trace(shop, range.fromMs + i * 1000)).flat();
    await engine.insert('otel_traces', rows);
    const graph = createServiceGraph(engine.reader, { maxScanned: 1800, maxJoined: 900 });
    const calls = await graph.calls(range);
    expect(calls.map(({ caller, callee }) => `${caller} ${callee}`).sort()).toEqual([
      'web checkout',
      'web mail',
    ]);
    for (const call of calls) {
      expect(call.calls).toBeGreaterThan(350);
      expect(call.calls).toBeLessThan(900);
    }
    expect(calls.find(({ callee }) => callee === 'checkout')?.errors).toBe(calls[0]?.calls);
  });

  it('are remembered for half a minute', async () => {
    await engine.insert('otel_traces', trace(shop, now - 60_000));
    const graph = createServiceGraph(engine.reader);
    expect(await graph.calls(range)).toHaveLength(2);
    await engine.command('TRUNCATE TABLE otel_traces');
    expect(await graph.calls({ fromMs: range.fromMs + 10_000, toMs: now + 10_000 })).toHaveLength(2);
    expect(await graph.calls({ fromMs: range.fromMs + 30_000, toMs: now + 30_000 })).toEqual([]);
  });
});
