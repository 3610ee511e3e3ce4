import { kinds } from '../../alerts/rules/kinds/registry.js';
import { parseRuleFile } from '../../alerts/rules/rule-file.js';
import type { Rule } from '../../alerts/rules/rule.js';
import { evaluateRule } from '../../alerts/state/evaluate.js';
import { newUlid } from '../../src/lib/ids.js';
import { Secret } from '../../src/lib/secret.js';
import { createRuleData } from '../../src/query/rule-data/create.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import { TelemetryReaders } from '../../src/store/telemetry/database.js';
import { migrateTelemetry } from '../../src/store/telemetry/migrate.js';

export interface RulesTask {
  readonly dataDir: string;
  readonly rules: number;
  readonly cycles: number;
  /** Of telemetry before the first evaluation. */
  readonly minutes: number;
  readonly perSecond: number;
}

/** Of one kind; one number a cycle, the first one with nothing known yet. */
export interface KindTimes {
  readonly kind: string;
  readonly ms: readonly number[];
  /** User and system, of all threads of the process. */
  readonly cpuMs: readonly number[];
  readonly failed: number;
  readonly breached: number;
}

const stepMs = 15_000;
const services = 28;
const words = [
  'request',
  'order',
  'item',
  'user',
  'cache',
  'lookup',
  'database',
  'timeout',
  'retry',
  'queue',
  'payment',
];

async function measure(task: RulesTask): Promise<KindTimes[]> {
  const target = {
    url: '',
    dataDir: task.dataDir,
    database: 'lemni',
    user: 'default',
    password: new Secret(''),
  };
  const first = await connectTelemetry(target, { useDatabase: false });
  await migrateTelemetry(first, { database: 'lemni', cluster: '' });
  await first.close();
  const connection = await connectTelemetry(target);
  const start = Date.now();
  // Telemetry of the time in which the rules are evaluated is there, too.
  const range = { from: start - task.minutes * 60_000, to: start + task.cycles * stepMs };
  for (const sql of fills(range, task.perSecond)) await connection.command(sql);
  await connection.close();
  const limits = { timeoutMs: 30_000, maxMemoryBytes: 2 * 1024 ** 3, maxRows: 200_000 };
  const reader = await TelemetryReaders.open({ ...target, readers: 2, limits });
  const times: KindTimes[] = [];
  for (const kind of kinds.keys()) {
    const rules = rulesOf(kind, task.rules);
    const data = createRuleData(reader);
    const one = { kind, ms: [] as number[], cpuMs: [] as number[], failed: 0, breached: 0 };
    for (let cycle = 0; cycle < task.cycles; cycle++) {
      const at = start + cycle * stepMs;
      const before = process.cpuUsage();
      const began = performance.now();
      const answers = await kinds.get(kind)?.ask(rules as never, { data, at }); // Made by this kind's schema.
      for (const rule of rules) {
        const answer = answers?.get(rule.id);
        if (answer === undefined || 'error' in answer) one.failed++;
        else one.breached += evaluateRule(rule, [], answer.observations, { now: at, newId: newUlid }).length;
      }
      one.ms.push(performance.now() - began);
      const { user, system } = process.cpuUsage(before);
      one.cpuMs.push((user + system) / 1000);
    }
    times.push(one);
  }
  await reader.close();
  return times;
}

function rulesOf(kind: string, count: number): readonly Rule[] {
  const entries = Array.from({ length: count }, (_, i) => ({ alert: `R${i}`, kind, ...fieldsOf(kind, i) }));
  const groups = [{ name: 'bench', rules: entries }];
  const { rules, errors } = parseRuleFile('bench.yaml', JSON.stringify({ groups }), { intervalMs: stepMs });
  if (errors.length > 0) throw new Error(JSON.stringify(errors[0]));
  return rules;
}

/** A team's rules: most name a service, some are for all; nine of ten look at 5 minutes, the rest at an hour. */
function fieldsOf(kind: string, i: number): Record<string, unknown> {
  const service = i % 20 === 0 ? '*' : `service-${i % services}`;
  const window = i % 10 === 9 ? '1h' : '5m';
  const word = (salt: number): string => words[(i * salt + salt) % words.length] ?? '';
  switch (kind) {
    case 'errors':
      return {
        service,
        window,
        above: `${(i % 20) + 1}%`,
        ...(i % 2 === 0 ? { operation: `*/r/${i % 9}*` } : {}),
      };
    case 'latency':
      return {
        service,
        window,
        above: `${200 + i}ms`,
        quantile: [0.5, 0.9, 0.95, 0.99][i % 4],
        ...(i % 2 === 0 ? { operation: '*' } : {}),
      };
    case 'logs':
      // Each another search: words, a phrase, an attribute, a regular expression.
      return {
        service,
        window,
        above: 10 + (i % 90),
        search: [
          `level:error ${word(3)} ${i}`,
          `"${word(3)} ${word(5)}" ${i}`,
          `${word(7)} http.route:/r/${i % 40} -user.id:u${i}`,
          `(${word(2)} OR ${word(5)}) took ${i}`,
          i % 50 === 4 ? `/${word(3)}.*${i}/` : `service:service-${i % services} ${word(3)} ${word(4)} ${i}`,
        ][i % 5],
      };
    case 'feedback':
      return {
        service,
        window,
        above: i % 2 === 0 ? 3 + (i % 9) : '50%',
        ...(i % 4 === 0 ? { timesUsual: 3 } : {}),
      };
    default:
      return { service, window: '10m', ...(i % 3 === 0 ? { signal: 'logs' } : {}), onlyUnusual: i % 2 === 0 };
  }
}

function fills({ from, to }: { from: number; to: number }, perSecond: number): string[] {
  const n = Math.round(((to - from) / 1000) * perSecond);
  const time = (count: number): string =>
    `fromUnixTimestamp64Milli(toInt64(${from}) + intDiv(number * ${to - from}, ${count}))`;
  const service = `concat('service-', toString(cityHash64(number, 1) % ${services}))`;
  const word = (salt: number): string =>
    `arrayElement([${words.map((one) => `'${one}'`).join(', ')}], 1 + cityHash64(number, ${salt}) % ${words.length})`;
  const series = 2000;
  const samples = Math.round((to - from) / 15_000) * series;
  return [
    `INSERT INTO otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, ServiceVersion, Environment, Duration, StatusCode)
SELECT ${time(n)}, lower(hex(MD5(toString(intDiv(number, 6))))), lower(hex(cityHash64(number))), 'p',
  concat('GET /r/', toString(cityHash64(number, 9) % 30)), if(number % 3 = 0, 'Client', 'Server'), ${service},
  concat('1.', toString(cityHash64(number, 12) % 2)), 'production', 1000000 + cityHash64(number, 7) % 400000000,
  if(cityHash64(number, 8) % 50 = 0, 'Error', 'Unset') FROM numbers(${n})`,
    `INSERT INTO otel_logs (Timestamp, SeverityText, SeverityNumber, ServiceName, ServiceVersion, Environment, Body, LogAttributes, Fingerprint)
SELECT ${time(n)}, if(s < 90, 'INFO', 'ERROR'), if(s < 90, 9, 17), ${service}, concat('1.', toString(cityHash64(number, 12) % 2)), 'production',
  concat(${word(2)}, ' ', ${word(3)}, ' ', ${word(4)}, ' ', ${word(5)}, ' id=', toString(cityHash64(number, 6) % 1000000), ' took ', toString(cityHash64(number, 7) % 900), ' ms'),
  map('http.route', concat('/r/', toString(cityHash64(number, 9) % 40)), 'user.id', concat('u', toString(cityHash64(number, 11) % 5000))),
  cityHash64(number, 2) % 200 FROM (SELECT number, cityHash64(number, 13) % 100 AS s FROM numbers(${n}))`,
    `INSERT INTO feedback (Id, At, ServiceName, Environment, ServiceVersion, Rating, ReceivedAt)
SELECT toString(number), ${time(5000)}, ${service}, 'production', '1.0', cityHash64(number, 3) % 6, ${time(5000)} FROM numbers(5000)`,
    `INSERT INTO metric_series (Id, Name, Kind, ServiceName, Environment, SeenAt)
SELECT number, 'bench', 'gauge', ${service}, 'production', fromUnixTimestamp64Milli(toInt64(${from})) FROM numbers(${series})`,
    `INSERT INTO metric_samples (SeriesId, At, Value) SELECT number % ${series}, ${time(samples)}, number FROM numbers(${samples})`,
  ];
}

process.once('message', (task) => {
  measure(task as RulesTask).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
