import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { systemClock } from '../../src/lib/clock.js';
import { messageOf } from '../../src/lib/errors.js';
import { newUlid } from '../../src/lib/ids.js';
import { isNezha, readNezha } from './nezha.js';
import { readLogFiles } from './log-files.js';
import { readFaults } from './faults.js';
import { judge } from './judge.js';
import type { Judged } from './judged.js';
import { replay, type ReplayOptions } from './replay.js';
import type { DataSet } from './signals.js';

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
  .option('--json', 'print the report as JSON, with what the rules make of the recording')
  .option('--rules <patterns>', 'rule files that judge the recording', 'config/rules/*.yaml')
  .option('--no-judge', 'leave out what the rules make of it');

interface Flags {
  readonly dir: string;
  readonly speed: string;
  readonly url: string;
  readonly key?: string;
  readonly environment: string;
  readonly json?: boolean;
  readonly rules: string;
  readonly judge: boolean;
}

async function main(): Promise<void> {
  const flags = program.parse().opts<Flags>();
  const speed = flags.speed === 'max' ? Infinity : Number(flags.speed);
  if (!(speed > 0)) throw new Error(`--speed takes a number above 0 or "max", not "${flags.speed}".`);
  if (!existsSync(flags.dir)) throw new Error(`There is no directory ${flags.dir}.`);
  const data = isNezha(flags.dir) ? readNezha(flags.dir) : readLogFiles(flags.dir);
  const options = {
    ...{ fetch, sleep: (ms: number) => systemClock.sleep(ms), now: () => Date.now() },
    ...{ environment: flags.environment, replayId: newUlid(Date.now()) },
  };
  const report = await replay(data, {
    ...options,
    url: flags.url.replace(/\/$/, ''),
    key: flags.key,
    speed,
    onProgress: ({ sent, total, seconds }) => {
      if (process.stderr.isTTY)
        process.stderr.write(`\r${sent} of ${total} signals in ${seconds.toFixed(0)} s`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (flags.json === true) {
    const judged = flags.judge ? await judgeRecording(data, flags, options) : undefined;
    process.stdout.write(`${JSON.stringify({ ...report, ...(judged ? { judged } : {}) }, null, 2)}\n`);
    return;
  }
  const { logs, spans, gauges } = report.sent;
  process.stdout.write(
    `Sent ${logs} logs, ${spans} spans and ${gauges} rows of metrics of ${Object.keys(report.services).length} services ` +
      `in ${report.seconds.toFixed(1)} s (${report.requests} requests).\n` +
      `They stand between ${report.from} and ${report.to}; find them with resource.replay.id:${report.replayId}\n`,
  );
}

function judgeRecording(
  data: DataSet,
  { dir, rules }: Flags,
  options: Omit<ReplayOptions, 'url' | 'key' | 'speed'>,
): Promise<Judged> {
  return judge({
    send: async (url) => {
      const sent = await replay(data, { ...options, url, key: undefined, speed: Infinity });
      return { from: Date.parse(sent.from), to: Date.parse(sent.to), shiftMs: sent.shiftMs };
    },
    faults: readFaults(dir),
    rules: rules.split(','),
    // From dist/scripts/replay.
    root: new URL('../../..', import.meta.url).pathname,
    onProgress: (done, of) => {
      if (process.stderr.isTTY) process.stderr.write(`\revaluation ${done} of ${of}`);
    },
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
