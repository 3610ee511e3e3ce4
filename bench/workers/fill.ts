import { Secret } from '../../src/lib/secret.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import { migrateTelemetry } from '../../src/store/telemetry/migrate.js';

export interface FillTask {
  readonly dataDir: string;
  readonly logs: number;
  /** Unix ms of the newest line. */
  readonly now: number;
  /** Over how many hours the lines are spread. */
  readonly hours: number;
}

/** Fills a data directory with log lines, made inside the engine, before Lemni starts on it. */
async function fill(task: FillTask): Promise<{ readonly rows: number }> {
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
  for (let start = 0; start < task.logs; start += chunk) {
    await connection.command(fillSql(task, start, Math.min(chunk, task.logs - start)));
  }
  await connection.close();
  return { rows: task.logs };
}

function fillSql({ logs, now, hours }: FillTask, start: number, count: number): string {
  const words =
    "['request','finished','order','item','user','cache','lookup','database','timeout','retry','accepted','queue','worker','batch','session','payment']";
  const word = (salt: number): string => `arrayElement(${words}, 1 + cityHash64(n, ${salt}) % 16)`;
  const step = (hours * 3_600_000_000_000) / logs;
  return `INSERT INTO lemni.otel_logs (Timestamp, TraceId, SpanId, TraceFlags, SeverityText, SeverityNumber, ServiceName, Body, ResourceAttributes, LogAttributes, ServiceVersion, Environment, Fingerprint)
SELECT
  fromUnixTimestamp64Nano(toInt64(${now}000000 - (${logs} - n) * ${Math.floor(step)})) AS Timestamp,
  lower(hex(MD5(toString(intDiv(n, 8))))) AS TraceId, lower(hex(cityHash64(n))) AS SpanId, 1,
  multiIf(s < 80, 'INFO', s < 95, 'WARN', 'ERROR'), multiIf(s < 80, 9, s < 95, 13, 17),
  concat('service-', toString(cityHash64(n, 1) % 20)) AS ServiceName,
  concat(${word(2)}, ' ', ${word(3)}, ' ', ${word(4)}, ' ', ${word(5)}, ' id=', toString(cityHash64(n, 6) % 1000000), ' took ', toString(cityHash64(n, 7) % 900), ' ms') AS Body,
  map('service.name', ServiceName, 'host.name', concat('node-', toString(cityHash64(n, 8) % 8))),
  map('http.route', concat('/r/', toString(cityHash64(n, 9) % 40)), 'http.response.status_code', toString([200, 200, 200, 404, 500][1 + cityHash64(n, 10) % 5]), 'user.id', concat('u', toString(cityHash64(n, 11) % 5000))),
  concat('1.', toString(cityHash64(n, 12) % 3)), 'production',
  cityHash64(cityHash64(n, 2) % 16, cityHash64(n, 3) % 16) AS Fingerprint
FROM (SELECT ${start} + number AS n, cityHash64(${start} + number, 13) % 100 AS s FROM numbers(${count}))`;
}

process.once('message', (task) => {
  fill(task as FillTask).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
