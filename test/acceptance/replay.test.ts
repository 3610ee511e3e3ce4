import { afterAll, describe, expect, it } from 'vitest';
import { isNezha, readNezha } from '../../scripts/replay/nezha.js';
import { readLogFiles } from '../../scripts/replay/log-files.js';
import { readFaults } from '../../scripts/replay/faults.js';
import { judge } from '../../scripts/replay/judge.js';
import { replay, type ReplayReport } from '../../scripts/replay/replay.js';
import { compare, type Found } from '../../scripts/replay/verify.js';
import type { DataSet } from '../../scripts/replay/signals.js';
import type { LogRecord, Trace } from '../../src/http/contract/telemetry.js';
import { Secret } from '../../src/lib/secret.js';
import { connectTelemetry, type TelemetryConnection } from '../../src/store/telemetry/connect.js';
import { Lemni } from '../support/lemni.js';
import { Session } from '../support/session.js';
import { sharedData } from '../support/shared-data.js';

/** Real telemetry that nobody here made goes in through OTLP, and every log and span is found again. */
const nezha = sharedData('nezha');
const logFiles = sharedData('logs');
let lemni: Lemni | undefined;

afterAll(() => lemni?.remove());

async function send(data: DataSet, url: string): Promise<ReplayReport> {
  return replay(data, {
    url,
    key: undefined,
    fetch,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    speed: Infinity,
    environment: 'replay',
    replayId: data.name,
    now: () => Date.now(),
  });
}

async function found(database: TelemetryConnection, replayId: string): Promise<Found[]> {
  return database.rows<Found>(
    `SELECT service, toUInt32(sum(l)) AS logs, toUInt32(sum(s)) AS spans, toUInt32(sum(j)) AS joined FROM (
       SELECT ServiceName AS service, count() AS l, 0 AS s,
         countIf(TraceId != '' AND TraceId IN (SELECT TraceId FROM lemni.otel_traces)) AS j
       FROM lemni.otel_logs WHERE ResourceAttributes['replay.id'] = {id:String} GROUP BY service
       UNION ALL
       SELECT ServiceName, 0, count(), 0 FROM lemni.otel_traces WHERE ResourceAttributes['replay.id'] = {id:String} GROUP BY ServiceName
     ) GROUP BY service`,
    { id: replayId },
  );
}

describe.runIf(nezha !== undefined && logFiles !== undefined)('replayed', () => {
  it(
    'the default rules say what they make of the shop, beside its seven faults',
    { timeout: 600_000 },
    async () => {
      if (nezha === undefined) return;
      const data = readNezha(nezha);
      const judged = await judge({
        send: async (url) => {
          const { from, to, shiftMs } = await send(data, url);
          return { from: Date.parse(from), to: Date.parse(to), shiftMs };
        },
        faults: readFaults(nezha),
        rules: ['config/rules/*.yaml'],
        root: new URL('../..', import.meta.url).pathname,
      });
      expect(judged.failed).toEqual({});
      expect(judged.rules).toBeGreaterThanOrEqual(5);
      expect(judged.faults).toHaveLength(7);
      // The data is thin: that something is seen is asked for, and that it is no noise, not that all of it is.
      expect(judged.faults.some(({ onItsService }) => onItsService)).toBe(true);
      expect(judged.fired.length).toBeLessThan(15);
      expect(judged.incidents.length).toBeGreaterThan(0);
      const numbers = judged.incidents.map(({ number }) => number);
      for (const { service, incident, reason, sentence, fired, resolved } of judged.fired) {
        expect(service).toMatch(/^ts-/);
        expect(numbers).toContain(incident);
        expect(reason).toContain(service);
        expect(sentence).toMatch(/\d/);
        expect(Date.parse(fired.recorded)).toBeGreaterThan(Date.parse('2023-01-29T09:00:00Z'));
        expect(Date.parse(fired.recorded)).toBeLessThan(Date.parse('2023-01-29T12:00:00Z'));
        if (resolved) expect(Date.parse(resolved.replayed)).toBeGreaterThan(Date.parse(fired.replayed));
      }
    },
  );

  it(
    'an hour of a shop of 28 services and a directory of log files are all there',
    { timeout: 180_000 },
    async () => {
      if (nezha === undefined || logFiles === undefined) return;
      expect(isNezha(nezha)).toBe(true);
      lemni = await Lemni.start();
      const shop = await send(readNezha(nezha), lemni.url);
      const files = await send(readLogFiles(logFiles), lemni.url);
      expect(shop.sent).toMatchObject({ logs: 39_720, spans: 76_422 });
      expect(Object.values(shop.services).filter(({ spans }) => spans > 0)).toHaveLength(28);
      expect(files.sent.logs).toBeGreaterThan(50_000);

      // As a person finds it: a log line of the shop, and its trace beside it.
      const session = await Session.byLink(lemni);
      const query = encodeURIComponent('service:ts-travel-service level:error');
      const { items } = await session.get<{ items: LogRecord[] }>(
        `/api/logs?from=now-2h&limit=5&query=${query}`,
      );
      expect(items.length).toBeGreaterThan(0);
      const [line] = items;
      const trace = await session.get<Trace>(`/api/traces/${line?.traceId ?? ''}`);
      expect(trace.spans.length).toBeGreaterThan(0);
      expect(trace.logs.map(({ id }) => id)).toContain(line?.id);

      const names = await session.get<{ items: { name: string }[] }>(
        '/api/metrics?from=now-2h&search=pod_cpu_usage',
      );
      expect(names.items.length).toBeGreaterThan(0);
      expect(await lemni.stop()).toBe(0);

      const database = await connectTelemetry({
        url: '',
        dataDir: lemni.dataDir,
        database: 'lemni',
        user: 'default',
        password: new Secret(''),
      });
      const shopFound = compare(shop, await found(database, shop.replayId));
      expect(shopFound.differences).toEqual([]);
      expect(shopFound.logsJoinedToTheirTrace).toBe(39_720);
      expect(compare(files, await found(database, files.replayId)).differences).toEqual([]);
      await database.close();
    },
  );
});
