import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../../src/lib/clock.js';
import { messageOf } from '../../src/lib/errors.js';
import { newUlid } from '../../src/lib/ids.js';
import { isNezha, readNezha } from './nezha.js';
import { readLogFiles } from './log-files.js';
import { replay } from './replay.js';

const program = new Command('replay')
  .description(
    'Replays recorded telemetry into a Lemni (or any OTLP/HTTP receiver), with its times shifted to now.',
  )
  .requiredOption(
    '--dir <path>',
    'a directory of Nezha (log_*.csv, trace_*.csv, metric_*.csv) or of log files',
  )
  .option('--speed <n>', 'times its own pace, or "max"', '1')
  .option('--url <url>', 'where to send it', 'http://127.0.0.1:4318')
  .option('--key <key>', 'an ingest key, when the receiver asks for one')
  .option('--environment <name>', 'deployment.environment.name', 'replay')
  .option('--json', 'print the report as JSON');

interface Flags {
  readonly dir: string;
  readonly speed: string;
  readonly url: string;
  readonly key?: string;
  readonly environment: string;
  readonly json?: boolean;
}

async function main(): Promise<void> {
  const flags = program.parse().opts<Flags>();
  const speed = flags.speed === 'max' ? Infinity : Number(flags.speed);
  if (!(speed > 0)) throw new Error(`--speed takes a number above 0 or "max", not "${flags.speed}".`);
  if (!existsSync(flags.dir)) throw new Error(`There is no directory ${flags.dir}.`);
  const data = isNezha(flags.dir) ? readNezha(flags.dir) : readLogFiles(flags.dir);
  const report = await replay(data, {
    url: flags.url.replace(/\/$/, ''),
    key: flags.key,
    fetch,
    sleep: (ms) => systemClock.sleep(ms),
    speed,
    environment: flags.environment,
    replayId: newUlid(Date.now()),
    now: () => Date.now(),
    onProgress: ({ sent, total, seconds }) => {
      if (process.stderr.isTTY)
        process.stderr.write(`\r${sent} of ${total} signals in ${seconds.toFixed(0)} s`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const { logs, spans, gauges } = report.sent;
  process.stdout.write(
    `Sent ${logs} logs, ${spans} spans and ${gauges} rows of metrics of ${Object.keys(report.services).length} services ` +
      `in ${report.seconds.toFixed(1)} s (${report.requests} requests).\n` +
      `They stand between ${report.from} and ${report.to}; find them with resource.replay.id:${report.replayId}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
