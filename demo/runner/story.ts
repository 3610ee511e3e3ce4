import { setTimeout as pause } from 'node:timers/promises';
import { deploy } from '@lemni/sdk';
import type { Feedback } from '../../src/http/contract/feedback.js';
import type { Alert, Incident, IncidentDetail } from '../../src/http/contract/incidents.js';
import type { Release, ReleaseDetail } from '../../src/http/contract/changes.js';
import type { ProblemDetail, ProblemItem } from '../../src/http/contract/problems.js';
import type { Suspects } from '../../src/http/contract/suspects.js';
import type { ServiceRow } from '../../src/http/contract/telemetry.js';
import type { FailedOrder, Load } from '../load/shoppers.js';
import type { Chat } from './chat.js';
import type { Issues } from './issues.js';
import type { RunningLemni } from './lemni.js';
import { commits, environment, type ShopServices } from './shop-services.js';
import type { Terminal } from './terminal.js';
import { until } from './until.js';

export interface Stage {
  readonly lemni: RunningLemni;
  readonly shop: ShopServices;
  readonly load: Load;
  readonly chat: Chat;
  readonly issues: Issues;
  readonly terminal: Terminal;
}

interface List<Item> {
  readonly items: readonly Item[];
}

/** How long 1.0.0 is watched before the next one comes. */
const baselineMs = 25_000;
const stationMs = 75_000;
/** For people who watch: an incident and a plan are there for a moment before the story goes on. */
const lookMs = { incident: 12_000, plan: 10_000 };

const complaints = [
  {
    rating: 1,
    message: 'I cannot pay. I tried three times and it only says that you could not take my order.',
  },
  { rating: 2, message: 'Checkout is broken when I buy several packs of the same coffee.' },
  { rating: 1, message: 'Order failed again, the discount is nice but I would like to pay.' },
] as const;

/**
 * The story, station by station. Each is printed when Lemni's API, the chat or the tracker shows it, and only then;
 * a station that does not come within a minute or so throws.
 */
export async function play(stage: Stage): Promise<void> {
  await isWell(stage);
  const broken = await releaseCheckout(stage, '1.1.0', {
    message: 'Ten percent off from three of one article',
    author: 'noor',
  });
  const incident = await breaks(stage);
  await isBlamed(stage, broken, incident);
  await isJudged(stage, broken, 'degraded');
  stage.terminal.waiting(`look at ${stage.lemni.url}/incidents/${incident.id}`);
  await pause(lookMs.incident);
  await peopleComplain(stage);
  const problem = await isPlanned(stage, incident);
  stage.terminal.waiting(`look at ${stage.lemni.url}/problems/${problem.id}`);
  await pause(lookMs.plan);
  const fixed = await releaseCheckout(stage, '1.2.0', {
    message: 'Round each line to whole cents',
    author: 'sam',
    fixes: [`P-${problem.number}`],
  });
  await isMended(stage, incident);
  await isVerified(stage, problem, fixed);
}

/** Before it answers its first request, as a pipeline does. */
export async function tellFirstDeploy(lemniUrl: string): Promise<void> {
  await tellDeploy(lemniUrl, '1.0.0', { message: 'Pour Over opens', author: 'ada' });
}

async function isWell({ lemni, terminal, load }: Stage): Promise<void> {
  terminal.waiting(`1.0.0 runs for ${baselineMs / 1000} s`);
  await pause(baselineMs);
  const row = await until('checkout 1.0.0 serves requests without errors', stationMs, async () => {
    const { items } = await lemni.get<List<ServiceRow>>('/api/services?from=now-5m');
    const found = items.find(({ service }) => service === 'checkout');
    return (
      found?.version === '1.0.0' && found.requests > 100 && found.errors / found.requests < 0.01 && found
    );
  });
  terminal.station(
    '1.0.0 is well',
    `checkout 1.0.0: ${row.requests} requests, ${row.errors} failed; ${load.counts.orders} orders`,
  );
}

interface DeployWords {
  readonly message: string;
  readonly author: string;
  readonly fixes?: readonly string[];
}

/** Told as a pipeline tells it: by the SDK's deploy(). */
async function tellDeploy(
  url: string,
  version: string,
  { message, author, fixes }: DeployWords,
): Promise<Date> {
  const startedAt = new Date();
  const commit = commits[version] ?? '';
  await deploy(
    {
      service: 'checkout',
      version,
      environment,
      commit,
      startedAt,
      status: 'succeeded',
      actor: author,
      commits: [{ sha: commit, message, author }],
      ...(fixes ? { fixes } : {}),
    },
    { url, key: undefined },
  );
  return startedAt;
}

async function releaseCheckout(
  { lemni, shop, terminal }: Stage,
  version: string,
  words: DeployWords,
): Promise<Release> {
  await shop.deployCheckout(version);
  await tellDeploy(lemni.url, version, words);
  const release = await until(`release checkout ${version} is current`, stationMs, async () => {
    const { items } = await lemni.get<List<Release>>('/api/releases?service=checkout');
    return items.find((found) => found.version === version && found.current);
  });
  const fixes = words.fixes === undefined ? '' : `, fixes ${words.fixes.join(', ')}`;
  terminal.station(
    `${version} is deployed`,
    `"${words.message}" by ${words.author}${fixes}  ${lemni.url}/releases/${release.id}`,
  );
  return release;
}

async function breaks({ lemni, chat, terminal }: Stage): Promise<Incident> {
  const row = await until('errors of checkout rise', stationMs, async () => {
    const { items } = await lemni.get<List<ServiceRow>>('/api/services?from=now-1m');
    const found = items.find(({ service }) => service === 'checkout');
    return found !== undefined && found.errors >= 3 && found;
  });
  terminal.station(
    'Errors rise',
    `checkout: ${row.errors} of ${row.requests} requests failed within the minute`,
  );
  const alert = await until('an alert fires', stationMs, async () => {
    const { items } = await lemni.get<List<Alert>>('/api/alerts');
    return items.find(({ state, labels }) => state === 'firing' && labels['service'] === 'checkout');
  });
  terminal.station('The alert fires', `${alert.rule}: ${alert.reason}`);
  const incident = await until('an incident is open', stationMs, async () => {
    const { items } = await lemni.get<List<Incident>>('/api/incidents?state=active');
    return items.find(({ services }) => services.includes('checkout'));
  });
  terminal.station(
    'An incident opens',
    `#${incident.number} ${incident.title}  ${lemni.url}/incidents/${incident.id}`,
  );
  await until('the chat was told', stationMs, () => Promise.resolve(chat.messages.length > 0));
  terminal.station('The chat is told', 'by a Slack incoming webhook, shown above');
  return incident;
}

async function isBlamed({ lemni, terminal }: Stage, broken: Release, { id }: Incident): Promise<void> {
  const suspect = await until(`the first suspect is ${broken.version}`, stationMs, async () => {
    const { items } = await lemni.get<Suspects>(`/api/incidents/${id}/suspects`);
    return items[0]?.releaseId === broken.id && items[0];
  });
  terminal.station('1.1.0 is the suspect', `${Math.round(suspect.probability * 100)} %: ${suspect.title}`);
  for (const { text } of suspect.evidence.slice(0, 3)) terminal.message(text);
}

/** Through the door that the widget posts to. */
async function peopleComplain({ lemni, shop, load, terminal }: Stage): Promise<void> {
  const failed = await until('orders failed', stationMs, () => {
    const newest = load.failedOrders.slice(-complaints.length);
    return Promise.resolve(newest.length === complaints.length && newest);
  });
  await Promise.all(complaints.map((said, i) => complain(lemni, shop.shopUrl, said, failed[i])));
  const seen = await until('the complaints are in the inbox', stationMs, async () => {
    const { items } = await lemni.get<List<Feedback>>('/api/feedback?from=now-5m');
    const found = items.filter(({ traceId }) => failed.some((order) => order.traceId === traceId));
    return found.length === complaints.length && found;
  });
  terminal.station(
    'People complain',
    `${seen.length} feedbacks, each with the trace of its order  ${lemni.url}/feedback`,
  );
}

async function complain(
  { url: lemniUrl, publicKey }: RunningLemni,
  shopUrl: string,
  said: (typeof complaints)[number],
  order: FailedOrder | undefined,
): Promise<void> {
  if (!order) return;
  const response = await fetch(`${lemniUrl}/api/feedback`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: shopUrl,
      authorization: `Bearer ${publicKey}`,
    },
    body: JSON.stringify({
      ...said,
      service: 'shop',
      version: '5.2.0',
      environment,
      page: `${shopUrl}/`,
      sessionId: order.session,
      userId: order.user,
      traceId: order.traceId,
    }),
  });
  if (!response.ok) throw new Error(`POST /api/feedback: ${response.status} ${await response.text()}`);
}

async function isPlanned({ lemni, issues, terminal }: Stage, { id }: Incident): Promise<ProblemItem> {
  const problem = await lemni.send<ProblemItem>('POST', '/api/problems', {
    from: { kind: 'incident', incidentId: id },
  });
  const seen = await until('the problem is on the list', stationMs, async () => {
    const { items } = await lemni.get<List<ProblemItem>>('/api/problems');
    return items.find((found) => found.id === problem.id && found.impact.requestsFailed > 0);
  });
  terminal.station(
    'A problem is planned',
    `P-${seen.number} ${seen.title}: ${seen.impact.arithmetic}  ${lemni.url}/problems/${seen.id}`,
  );
  await lemni.send('POST', `/api/problems/${problem.id}/ticket`, {});
  const ticket = await until('the ticket is open', stationMs, async () => {
    const found = await lemni.get<ProblemDetail>(`/api/problems/${problem.id}`);
    return found.ticket?.state === 'open' && issues.all.length > 0 && found.ticket;
  });
  terminal.station('The ticket is open', `${ticket.key} "${issues.all[0]?.title ?? ''}"  ${ticket.url}`);
  return seen;
}

async function isMended({ lemni, chat, terminal }: Stage, { id }: Incident): Promise<void> {
  const before = chat.messages.length;
  const resolved = await until('the incident is resolved', stationMs, async () => {
    const found = await lemni.get<IncidentDetail>(`/api/incidents/${id}`);
    return found.state === 'resolved' && found;
  });
  await until('the chat was told of it', stationMs, () =>
    Promise.resolve(
      chat.messages.length > before || chat.messages.some(({ text }) => text.includes('resolved')),
    ),
  );
  terminal.station(
    'The incident resolves',
    `#${resolved.number}, by itself; its timeline has ${resolved.timeline.length} entries`,
  );
}

async function isVerified(
  { lemni, issues, terminal }: Stage,
  { id }: ProblemItem,
  fixed: Release,
): Promise<void> {
  const problem = await until('the problem is verified', stationMs, async () => {
    const found = await lemni.get<ProblemDetail>(`/api/problems/${id}`);
    return found.state === 'verified' && found.verification?.version === fixed.version && found;
  });
  const comments = issues.all.flatMap((issue) => issue.comments).length;
  terminal.station(
    'The problem is verified',
    `${problem.verification?.sentence ?? ''} (${comments} comments on the ticket)`,
  );
}

/** The verdict on a release, when its bake time is over. */
async function isJudged({ lemni, terminal }: Stage, release: Release, expected: string): Promise<void> {
  const judged = await until(`${release.version} is ${expected}`, stationMs, async () => {
    const found = await lemni.get<ReleaseDetail>(`/api/releases/${release.id}`);
    if (found.judgement && found.judgement.state !== expected) throw new Error(found.judgement.sentence);
    return found.judgement?.state === expected && found.judgement;
  });
  terminal.station(`${release.version} is ${expected}`, judged.sentence);
}
