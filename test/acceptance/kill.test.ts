import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { LogHistogram } from '../../src/http/contract/telemetry.js';
import { Secret } from '../../src/lib/secret.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
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
    let lemni = await Lemni.start();
    dataDir = lemni.dataDir;

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
    const session = await Session.byLink(lemni);
    await eventually(
      () => session.get<LogHistogram>('/api/logs/histogram?query=service:killed&from=now-1h'),
      ({ total }) => total >= acknowledged.length * perRequest,
    );
    expect(await lemni.stop()).toBe(0);

    // The tables themselves, now that nobody holds them.
    const database = await connectTelemetry({
      url: '',
      dataDir,
      database: 'lemni',
      user: 'default',
      password: new Secret(''),
    });
    const rows = async <Row>(query: string): Promise<Row[]> => database.rows(query, {});
    const found = new Map(
      (
        await rows<{ request: string; records: number }>(
          "SELECT LogAttributes['request'] AS request, toUInt32(count()) AS records FROM lemni.otel_logs WHERE ServiceName = 'killed' GROUP BY request",
        )
      ).map(({ request, records }) => [request, records]),
    );
    expect(acknowledged.filter((number) => found.get(String(number)) !== perRequest)).toEqual([]);
    // What was not answered may be there, but whole and once.
    expect([...found.values()].filter((records) => records !== perRequest)).toEqual([]);
    const [{ counted } = { counted: -1 }] = await rows<{ counted: number }>(
      "SELECT toUInt32(sum(Count)) AS counted FROM lemni.log_minutes WHERE ServiceName = 'killed'",
    );
    expect(counted, 'the rollup of the view').toBe(found.size * perRequest);
    await database.close();
  },
);
