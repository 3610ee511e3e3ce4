import { deployedAt } from '../release-plan.js';
import { Secret } from '../../src/lib/secret.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import { migrateTelemetry } from '../../src/store/telemetry/migrate.js';

export interface FillReleasesTask {
  readonly dataDir: string;
  readonly spans: number;
  /** Unix ms of the newest span; the oldest is a day before. */
  readonly now: number;
  readonly services: number;
  /** Every so many services fail since their deploy. */
  readonly failingEvery: number;
}

const day = 86_400_000;

/** Fills a data directory with a day of spans of many services, each with a deploy in it. */
async function fill(task: FillReleasesTask): Promise<{ readonly rows: number }> {
  const target = {
    url: '',
    dataDir: task.dataDir,
    database: 'lemni',
    user: 'default',
    password: new Secret(''),
  };
  const connection = await connectTelemetry(target, { useDatabase: false });
  await migrateTelemetry(connection, { database: 'lemni', cluster: '' });
  const chunk = 500_000;
  for (let start = 0; start < task.spans; start += chunk) {
    await connection.command(fillSql(task, start, Math.min(chunk, task.spans - start)));
  }
  await connection.close();
  return { rows: task.spans };
}

/** Traces of four spans: the request and three below it, which the rollups do not count. */
function fillSql(
  { spans, now, services, failingEvery }: FillReleasesTask,
  start: number,
  count: number,
): string {
  const step = Math.floor((day * 1_000_000) / spans);
  // As release-plan.ts has it.
  const deployed = `if(service % ${failingEvery} = 0, ${deployedAt(0, now, failingEvery)} - intDiv(service, ${failingEvery}) * 30000, ${now - 2 * 3_600_000} - service * 600000)`;
  return `INSERT INTO lemni.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, ResourceAttributes, SpanAttributes, Duration, StatusCode, ServiceVersion, Environment)
SELECT
  fromUnixTimestamp64Nano(ns), lower(hex(MD5(toString(trace)))), lower(hex(cityHash64(n))),
  if(n % 4 = 0, '', lower(hex(cityHash64(trace * 4)))),
  if(n % 4 = 0, concat('GET /r/', toString(cityHash64(trace, 2) % 10)), 'SELECT'),
  if(n % 4 = 0, 'Server', 'Client'), concat('service-', toString(service)),
  map('service.name', concat('service-', toString(service))), map('http.route', '/r'),
  toUInt64((20 + cityHash64(trace, 3) % 80 + if(cityHash64(trace, 4) % 20 = 0, 400, 0)) * 1000000),
  if(n % 4 = 0 AND cityHash64(trace, 5) % 1000 < multiIf(isNew AND service % ${failingEvery} = 0, 120, 2), 'Error', 'Unset'),
  if(isNew, '1.1', '1.0'), 'production'
FROM (
  SELECT n, trace, service, ns, ns >= (${deployed}) * 1000000 AS isNew FROM (
    SELECT ${start} + number AS n, intDiv(n, 4) AS trace, toInt64(cityHash64(trace, 1) % ${services}) AS service,
      toInt64(${now}000000 - (${spans} - n) * ${step}) AS ns
    FROM numbers(${count})
  )
)`;
}

process.once('message', (task) => {
  fill(task as FillReleasesTask).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
