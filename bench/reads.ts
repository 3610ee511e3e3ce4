import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { send } from './ingest.js';
import { root, runWorker, startLemni, temporaryDirectory, type RunningLemni } from './process.js';
import { median, round, type Section } from './report.js';
import type { FillTask } from './workers/fill.js';

export interface ReadOptions {
  readonly logs: number;
  readonly seconds: number;
}

const hours = 24;

const questions: readonly (readonly [what: string, path: string])[] = [
  ['newest 100 lines of a day', '/api/logs?limit=100&from=now-24h'],
  ['histogram of a day, no query', '/api/logs/histogram?from=now-24h'],
  ['newest 100 lines with a word', '/api/logs?limit=100&from=now-24h&query=timeout'],
  ['histogram of a day, level:error', '/api/logs/histogram?from=now-24h&query=level%3Aerror'],
  ['histogram of a day, two words', '/api/logs/histogram?from=now-24h&query=timeout%20payment'],
  ['histogram of a day, an attribute', '/api/logs/histogram?from=now-24h&query=user.id%3Au42'],
  ['histogram of an hour, two words', '/api/logs/histogram?from=now-1h&query=timeout%20payment'],
  ['a rare line (one trace id)', '/api/logs?from=now-24h&query=trace_id%3Aa87ff679a2f3e71d9181a67b7542122c'],
  ['facets of an hour', '/api/logs/facets?from=now-1h'],
  ['services with sparklines, a day', '/api/services?from=now-24h'],
];

/** Searches over many lines, and how ingest fares beside five heavy ones. */
export async function benchReads(options: ReadOptions): Promise<Section[]> {
  const directory = temporaryDirectory();
  const fill: FillTask = { dataDir: directory.path, logs: options.logs, now: Date.now(), hours };
  await runWorker('fill', fill);
  const key = createKey(directory.path);
  const lemni = await startLemni(directory.path);
  const sections = [await searches(lemni, key, options), await beside(lemni, key, options)];
  await lemni.stop();
  directory.remove();
  return sections;
}

async function searches(lemni: RunningLemni, key: string, { logs }: ReadOptions): Promise<Section> {
  const figures = [];
  for (const [what, path] of questions) {
    const times: number[] = [];
    for (let i = 0; i < 7; i++) times.push(await ask(lemni, key, path));
    // The first one opens files: the rest is what a person at the page sees.
    const warm = times.slice(1);
    figures.push({
      what,
      value: `${round(median(warm))} ms (first ${round(times[0] ?? 0)} ms, worst ${round(Math.max(...warm))} ms)`,
    });
  }
  return {
    title: `Searching ${round(logs)} log lines`,
    how: `Lines of ${hours} hours and 20 services, over the REST API, login checked, one at a time: median of six after a first.`,
    figures,
  };
}

async function beside(lemni: RunningLemni, key: string, { seconds }: ReadOptions): Promise<Section> {
  // A tenth of what the machine can take: latency, not throughput, is asked for.
  const task = { signal: 'logs', seconds, connections: 4, recordsPerRequest: 100, rate: 4000 } as const;
  const idle = await send(lemni, task);
  let running = true;
  let asked = 0;
  const heavy = async (): Promise<void> => {
    while (running) {
      // A body that no index helps with: every line of the day is read.
      await ask(
        lemni,
        key,
        `/api/logs/histogram?from=now-24h&query=${encodeURIComponent(`/t${asked++ % 7}ok.*99/`)}`,
      );
    }
  };
  const searching = Array.from({ length: 5 }, heavy);
  const busy = await send(lemni, task);
  running = false;
  await Promise.all(searching);
  const ratio = busy.p99 / idle.p99;
  return {
    title: 'Ingest beside five heavy searches',
    how: `4,000 log records a second in requests of 100 over four connections for ${seconds} s, first alone, then while five searches that no index helps run all the time (${asked} of them ended).`,
    figures: [
      { what: 'idle, p50', value: `${round(idle.p50)} ms` },
      { what: 'idle, p99', value: `${round(idle.p99)} ms` },
      { what: 'beside, p50', value: `${round(busy.p50)} ms` },
      { what: 'beside, p99', value: `${round(busy.p99)} ms` },
      { what: 'p99 beside / p99 idle', value: round(ratio), target: 'at most 3', met: ratio <= 3 },
      {
        what: 'records refused',
        value: String(idle.refused + busy.refused),
        target: '0',
        met: idle.refused + busy.refused === 0,
      },
    ],
  };
}

async function ask(lemni: RunningLemni, key: string, path: string): Promise<number> {
  const started = performance.now();
  const answer = await fetch(lemni.url + path, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  // A heavy search may run into its limit: that is an answer too, and it held a connection all the time.
  if (!answer.ok && answer.status !== 400 && answer.status !== 503)
    throw new Error(`${path}: ${answer.status} ${text}`);
  return performance.now() - started;
}

export function createKey(dataDir: string): string {
  const run = spawnSync(join(root, 'bin/lemni'), ['keys', 'create', '--scope', 'api'], {
    encoding: 'utf8',
    env: { ...process.env, LEMNI_DATA_DIR: dataDir },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim();
}
