import { rmSync } from 'node:fs';
import { status as Code } from '@grpc/grpc-js';
import { afterAll, expect, it } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import { Lemni } from '../support/lemni.js';
import { logsRequest, post, tracesRequest } from '../support/otlp-json.js';
import { logsOf } from '../support/otlp/bad-bodies.js';
import { exportOverGrpc } from '../support/otlp/wire.js';

/**
 * SIGTERM while much is being sent, twice: exit code 0, no sender waits for ever, and everything that was
 * acknowledged is there, once. Senders are told to come back (503) or find nobody; both are no acknowledgement.
 */
const perRequest = 20;
let lemni: Lemni | undefined;

afterAll(async () => {
  await lemni?.kill9();
  if (lemni) rmSync(lemni.dataDir, { recursive: true, force: true });
});

interface Sent {
  readonly acknowledged: number[];
  readonly other: (number | string)[];
}

it('ends well under load', { timeout: 120_000 }, async () => {
  const logs: Sent = { acknowledged: [], other: [] };
  const spans: Sent = { acknowledged: [], other: [] };
  const overGrpc: Sent = { acknowledged: [], other: [] };
  let number = 0;
  lemni = await Lemni.start();
  const { dataDir } = lemni;

  for (let round = 0; round < 2; round++) {
    const { url, grpcPort } = lemni;
    let running = true;
    const loop = async (sent: Sent, send: (request: number) => Promise<number>): Promise<void> => {
      while (running) {
        const request = number++;
        try {
          const answer = await send(request);
          if (answer === 200) sent.acknowledged.push(request);
          else sent.other.push(answer);
        } catch (error) {
          sent.other.push(String(error));
          return;
        }
      }
    };
    const each = <T>(make: (i: number) => T): T[] => Array.from({ length: perRequest }, (_, i) => make(i));
    const sendLogs = async (request: number): Promise<number> => {
      const records = each((i) => ({ body: `${i}`, attributes: { request: String(request) } }));
      return (await post(`${url}/v1/logs`, logsRequest({ service: 'stopped' }, records))).status;
    };
    const sendSpans = async (request: number): Promise<number> => {
      const all = each(() => ({ name: `request ${request}` }));
      return (await post(`${url}/v1/traces`, tracesRequest({ service: 'stopped' }, all))).status;
    };
    const sendOverGrpc = async (request: number): Promise<number> => {
      const records = each(() => ({ body: { stringValue: `grpc ${request}` } }));
      const body = logsOf('protobuf', 'stopped-grpc', records);
      const { code } = await exportOverGrpc(grpcPort, 'logs', body);
      if (code === Code.UNAVAILABLE) throw new Error('UNAVAILABLE');
      return code === Code.OK ? 200 : code;
    };
    const senders = [
      ...Array.from({ length: 4 }, () => loop(logs, sendLogs)),
      ...Array.from({ length: 2 }, () => loop(spans, sendSpans)),
      ...Array.from({ length: 2 }, () => loop(overGrpc, sendOverGrpc)),
    ];
    await new Promise((resolve) => setTimeout(resolve, 700 + round * 400));
    const before = Date.now();
    expect(await lemni.stop()).toBe(0);
    expect(Date.now() - before).toBeLessThan(15_000);
    running = false;
    await Promise.all(senders);
    if (round === 0) lemni = await Lemni.start({ dataDir, port: lemni.port, grpcPort: lemni.grpcPort });
  }
  for (const { acknowledged, other } of [logs, spans, overGrpc]) {
    expect(acknowledged.length).toBeGreaterThan(5);
    // A refusal is one that makes an exporter send again.
    expect(other.filter((answer) => typeof answer === 'number' && answer !== 503)).toEqual([]);
  }

  const database = await connectTelemetry({
    url: '',
    dataDir,
    database: 'lemni',
    user: 'default',
    password: new Secret(''),
  });
  const found = async (sql: string): Promise<Map<string, number>> => {
    const rows = await database.rows<{ request: string; records: number }>(sql, {});
    return new Map(rows.map(({ request, records }) => [request, records]));
  };
  const count = 'toUInt32(count()) AS records';
  const tables = [
    [
      logs,
      `SELECT LogAttributes['request'] AS request, ${count} FROM lemni.otel_logs WHERE ServiceName = 'stopped' GROUP BY request`,
    ],
    [
      spans,
      `SELECT substring(SpanName, 9) AS request, ${count} FROM lemni.otel_traces WHERE ServiceName = 'stopped' GROUP BY request`,
    ],
    [
      overGrpc,
      `SELECT substring(Body, 6) AS request, ${count} FROM lemni.otel_logs WHERE ServiceName = 'stopped-grpc' GROUP BY request`,
    ],
  ] as const;
  for (const [sent, sql] of tables) {
    const counts = await found(sql);
    expect(sent.acknowledged.filter((request) => counts.get(String(request)) !== perRequest)).toEqual([]);
    expect([...counts.values()].filter((records) => records !== perRequest)).toEqual([]);
  }
  await database.close();
});
