import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root, runWorker, startLemni, temporaryDirectory, usageOf, type RunningLemni } from './process.js';
import { createKey } from './reads.js';
import { quantile, round, type Section } from './report.js';
import { deployedAt } from './release-plan.js';
import type { FillReleasesTask } from './workers/fill-releases.js';

const mebibyte = 1024 ** 2;
const services = 100;
const failingEvery = 5;

interface FeedDeploy {
  readonly at: string;
  readonly service: string;
  readonly version: string;
}

/** The public feed is no part of the project: without it this part is left out. */
function readFeed(limit: number): FeedDeploy[] | undefined {
  const path = join(root, '../shared/data/deploys/govuk_deploys.csv.gz');
  if (!existsSync(path)) return undefined;
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1);
  return lines
    .map((line) => line.split(','))
    .filter(([, environment]) => environment === 'production')
    .slice(-Math.min(limit, lines.length))
    .map(([at, , service = '', , version = '']) => ({
      at: new Date(Number(at) * 1000).toISOString(),
      service,
      version,
    }));
}

/** Deploys of years imported, the newest `limit`; without the feed this part is left out. */
export async function benchImport(limit: number): Promise<Section[]> {
  const feed = readFeed(limit);
  if (!feed) return [];
  const directory = temporaryDirectory();
  const key = createKey(directory.path);
  const lemni = await startLemni(directory.path);
  const started = performance.now();
  await inParallel(feed, 32, (deploy) => tell(lemni, deploy));
  const seconds = (performance.now() - started) / 1000;
  // Two passes of the judging loop: nothing of this may be judged.
  await pause(20_000);
  const { cpuSeconds } = usageOf(lemni.pid);
  await pause(10_000);
  const idle = (usageOf(lemni.pid).cpuSeconds - cpuSeconds) / 10;
  const judged = await metric(lemni, 'lemni_releases_verdict_duration_seconds_count');
  const ids = await someReleases(lemni, key, feed);
  const list = await times(ids, ({ service }) =>
    ask(lemni, key, `/api/releases?limit=50&service=${service}`),
  );
  const newest = await times(ids, () => ask(lemni, key, '/api/releases?limit=100'));
  const detail = await times(ids, ({ id }) => ask(lemni, key, `/api/releases/${id}`));
  const compare = await times(ids, ({ id, other }) =>
    ask(lemni, key, `/api/releases/${id}/compare?with=${other}`),
  );
  const memory = usageOf(lemni.pid).residentBytes / mebibyte;
  await lemni.stop();
  directory.remove();
  return [
    {
      title: `${feed.length.toLocaleString('en-GB')} production deploys imported`,
      how: "The public deploy feed of GOV.UK (2022 to 2026), each told by POST /api/deploys over 32 connections, acknowledged when both stores have it; then the release pages' questions over the REST API, one at a time, 200 of each over releases spread over all years.",
      figures: [
        { what: 'imported in', value: `${round(seconds)} s (${round(feed.length / seconds)} a second)` },
        { what: 'releases of a service, 50', value: both(list) },
        { what: 'newest 100 releases', value: both(newest) },
        { what: 'one release with its deploys', value: both(detail) },
        { what: 'two releases compared (no telemetry)', value: both(compare) },
        { what: 'releases judged of those years', value: String(judged), target: '0', met: judged === 0 },
        { what: 'CPU afterwards, idle', value: `${round(idle * 100)} % of a core` },
        { what: 'resident', value: `${round(memory)} MiB` },
      ],
    },
  ];
}

/** Verdicts and suspects over much telemetry. */
export async function benchVerdicts(spans: number): Promise<Section> {
  const directory = temporaryDirectory();
  const now = Date.now();
  const fill: FillReleasesTask = { dataDir: directory.path, spans, now, services, failingEvery };
  await runWorker('fill-releases', fill);
  const key = createKey(directory.path);
  const rules = join(directory.path, 'rules.yaml');
  writeFileSync(
    rules,
    'groups:\n  - name: bench\n    rules:\n      - { alert: Failing, kind: errors, above: 5%, window: 30m, severity: critical }\n',
  );
  const config = join(directory.path, 'lemni.yaml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ alerts: { rules: [rules], interval: '60s' } }));
  const lemni = await startLemni(directory.path, { LEMNI_CONFIG: config });
  const idle = usageOf(lemni.pid);
  const told = Array.from({ length: services }, (_, i) => i);
  await inParallel(told, 8, (i) =>
    tell(lemni, {
      service: `service-${i}`,
      version: '1.1',
      at: new Date(deployedAt(i, now, failingEvery)).toISOString(),
    }),
  );
  const started = performance.now();
  const states = await untilJudged(lemni, key);
  const all = (performance.now() - started) / 1000;
  const judged = await metric(lemni, 'lemni_releases_verdict_duration_seconds_count');
  const sum = await metric(lemni, 'lemni_releases_verdict_duration_seconds_sum');
  const used = usageOf(lemni.pid);
  const suspects = await benchSuspects(lemni, key);
  const after = usageOf(lemni.pid);
  await lemni.stop();
  directory.remove();
  const unsaid = states.filter(({ state }) => state === 'inconclusive').length;
  const right = states.filter(({ service, state }) => isRight(service, state)).length;
  const alarms = states.filter(({ service, state }) => state === 'degraded' && !isFailing(service)).length;
  const missed = states.filter(({ service, state }) => state === 'healthy' && isFailing(service)).length;
  return {
    title: `Verdicts and suspects over ${round(spans)} spans`,
    how: `A day of spans of ${services} services with ten operations each, one deploy a service, every fifth of which makes 12 % of its requests fail (0.2 % before). The deploys are told, and the judging loop of the running product finds and judges them, one after the other. Suspects are asked for each incident of the services that still fail.`,
    figures: [
      { what: '100 releases told and judged', value: `${round(all)} s after the last was told` },
      { what: 'one verdict, mean', value: `${round((1000 * sum) / judged)} ms (${judged} judged)` },
      { what: 'CPU of it', value: `${round(used.cpuSeconds - idle.cpuSeconds)} s` },
      {
        what: 'verdicts that are right',
        value: `${right} of ${states.length}`,
        target: 'all',
        met: right === states.length,
      },
      { what: 'verdicts that are inconclusive', value: String(unsaid) },
      { what: 'healthy releases called degraded', value: String(alarms) },
      { what: 'failing releases called healthy', value: String(missed) },
      { what: 'incidents', value: String(suspects.incidents) },
      { what: 'suspects of an incident, asked', value: both(suspects.asked) },
      {
        what: 'incidents whose first suspect is its release',
        value: `${suspects.right} of ${suspects.incidents}`,
      },
      { what: 'resident before', value: `${round(idle.residentBytes / mebibyte)} MiB` },
      { what: 'resident after', value: `${round(after.residentBytes / mebibyte)} MiB` },
    ],
  };
}

function isFailing(service: string): boolean {
  return Number(service.slice('service-'.length)) % failingEvery === 0;
}

function isRight(service: string, state: string): boolean {
  return state === (isFailing(service) ? 'degraded' : 'healthy');
}

interface Told {
  readonly service: string;
  readonly version: string;
  readonly state: string;
}

async function untilJudged(lemni: RunningLemni, key: string): Promise<Told[]> {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const { items } = await json<{
      items: { service: string; version: string; verdict?: { state: string } }[];
    }>(lemni, key, '/api/releases?limit=200');
    const found = items
      .filter(({ version }) => version === '1.1')
      .map(({ service, version, verdict }) => ({ service, version, state: verdict?.state ?? 'none' }));
    const isOpen = found.some(({ state }) => state === 'baking' || state === 'none');
    if ((found.length === services && !isOpen) || Date.now() > deadline) return found;
    await pause(500);
  }
}

interface SuspectsAnswer {
  readonly items: readonly { readonly service: string; readonly version: string }[];
}

async function benchSuspects(lemni: RunningLemni, key: string) {
  const incidents = await untilIncidents(lemni, key);
  const asked: number[] = [];
  let right = 0;
  for (const { id, service } of incidents) {
    const started = performance.now();
    const answer = await json<SuspectsAnswer>(lemni, key, `/api/incidents/${id}/suspects`);
    asked.push(performance.now() - started);
    const [first] = answer.items;
    if (first?.service === service && first.version === '1.1') right++;
  }
  return { incidents: incidents.length, asked, right };
}

/** Those of the services that still fail; the rule is asked once a minute. */
async function untilIncidents(lemni: RunningLemni, key: string): Promise<{ id: string; service: string }[]> {
  const deadline = Date.now() + 150_000;
  for (;;) {
    const { items } = await json<{ items: { id: string; services: string[] }[] }>(
      lemni,
      key,
      '/api/incidents?limit=100',
    );
    if (items.length >= services / failingEvery || Date.now() > deadline) {
      // Suspects are judged in the background; what is measured is the answer that a page waits for.
      await pause(10_000);
      return items.map(({ id, services: [service = ''] }) => ({ id, service }));
    }
    await pause(1000);
  }
}

async function someReleases(lemni: RunningLemni, key: string, feed: readonly FeedDeploy[]) {
  const found: { id: string; other: string; service: string }[] = [];
  const step = Math.max(1, Math.floor(feed.length / 200));
  for (let i = 0; i < feed.length && found.length < 200; i += step) {
    const deploy = feed[i];
    if (!deploy) continue;
    const to = encodeURIComponent(deploy.at);
    const { items } = await json<{ items: { id: string }[] }>(
      lemni,
      key,
      `/api/releases?limit=2&service=${deploy.service}&to=${to}`,
    );
    const [one, two] = items;
    if (one && two) found.push({ id: one.id, other: two.id, service: deploy.service });
  }
  return found;
}

/** On this machine no key is asked for. */
async function tell(lemni: RunningLemni, deploy: FeedDeploy): Promise<void> {
  const answer = await fetch(`${lemni.url}/api/deploys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      service: deploy.service,
      version: deploy.version,
      environment: 'production',
      startedAt: deploy.at,
      finishedAt: deploy.at,
    }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST /api/deploys: ${answer.status} ${text}`);
}

async function json<Answer>(lemni: RunningLemni, key: string, path: string): Promise<Answer> {
  const answer = await fetch(lemni.url + path, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Answer; // The API's contract.
}

async function ask(lemni: RunningLemni, key: string, path: string): Promise<void> {
  await json<unknown>(lemni, key, path);
}

async function times<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<number[]> {
  const found: number[] = [];
  for (const item of items) {
    const started = performance.now();
    await run(item);
    found.push(performance.now() - started);
  }
  return found;
}

async function metric(lemni: RunningLemni, name: string): Promise<number> {
  const text = await (await fetch(`${lemni.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}

async function inParallel<Item>(
  items: readonly Item[],
  connections: number,
  run: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await run(item);
  };
  await Promise.all(Array.from({ length: connections }, work));
}

function both(values: readonly number[]): string {
  return `p50 ${round(quantile(values, 0.5))} ms, p99 ${round(quantile(values, 0.99))} ms`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
