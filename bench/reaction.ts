import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { root, startLemni, temporaryDirectory, type RunningLemni } from './process.js';
import { quantile, round, type Section } from './report.js';

export interface ReactionOptions {
  /** Evaluation interval, ms. */
  readonly intervalMs: number;
  readonly rounds: number;
}

/** What one failing service brought about, Unix ms. */
interface Round {
  readonly sentAt: number;
  acknowledgedAt?: number;
  /** The evaluation that found it. */
  openedAt?: number;
  webhookAt?: number;
  pageAt?: number;
}

/** Time between the beginnings of two rounds, ms: no part of an interval, so that all of its moments are met. */
const everyMs = 731;

/** From failing spans to the webhook and to an open page, over many rounds, each a service of its own. */
export async function benchReaction(options: ReactionOptions): Promise<Section> {
  const rounds = new Map<string, Round>();
  const receiver = await receive((service) => mark(rounds, service, 'webhookAt'));
  const directory = temporaryDirectory();
  const config = writeConfig(directory.path, receiver.url, options.intervalMs);
  const token = loginToken(directory.path);
  const lemni = await startLemni(directory.path, { LEMNI_CONFIG: config });
  const page = await openPage(lemni, token, ({ services, openedAt }) => {
    for (const service of services) {
      const one = rounds.get(service);
      if (one) one.openedAt ??= Date.parse(openedAt);
      mark(rounds, service, 'pageAt');
    }
  });
  for (let i = 0; i < options.rounds; i++) {
    const service = `service-${i}`;
    const one: Round = { sentAt: Date.now() };
    rounds.set(service, one);
    await sendFailing(lemni.url, service);
    one.acknowledgedAt = Date.now();
    await pause(Math.max(0, one.sentAt + everyMs - Date.now()));
  }
  await untilAll([...rounds.values()], options.intervalMs * 3 + 20_000);
  const evaluationMs = await meanEvaluation(lemni.url);
  page.disconnect();
  await lemni.stop();
  await receiver.close();
  directory.remove();
  return section({ ...options, evaluationMs }, [...rounds.values()]);
}

function section(
  { intervalMs, rounds: count, evaluationMs }: ReactionOptions & { readonly evaluationMs: number },
  rounds: readonly Round[],
): Section {
  const seconds = intervalMs / 1000;
  const of = (from: keyof Round, to: keyof Round): number[] =>
    rounds.flatMap((one) => {
      const [begin, end] = [one[from], one[to]];
      return begin === undefined || end === undefined ? [] : [end - begin];
    });
  const both = (values: readonly number[]): string =>
    `p50 ${round(quantile(values, 0.5))} ms, p99 ${round(quantile(values, 0.99))} ms`;
  const [webhook, page] = [of('sentAt', 'webhookAt'), of('sentAt', 'pageAt')];
  const goal = (values: readonly number[]): boolean => quantile(values, 0.99) <= intervalMs + 1000;
  const target = `p99 within ${seconds} s + 1 s`;
  const missing = 2 * rounds.length - webhook.length - page.length;
  return {
    title: `Signal to webhook and to page, rules every ${seconds} s`,
    how:
      `${count} times twenty failing spans of a service of its own (OTLP/HTTP, JSON), one every ${everyMs} ms, under a rule on the error ratio without \`for\`. ` +
      'Counted from the moment before they are sent until a webhook receiver has the incident, and until a page (a socket.io client that is logged in) hears of it. ' +
      `The wait for the evaluation is up to ${seconds} s by itself, half of that in the mean; what comes after it is Lemni: asking telemetry, deciding, suspects, writing, telling.`,
    figures: [
      { what: 'failing spans to webhook', value: both(webhook), target, met: goal(webhook) },
      { what: 'failing spans to page', value: both(page), target, met: goal(page) },
      { what: 'of that until the spans were acknowledged', value: both(of('sentAt', 'acknowledgedAt')) },
      { what: 'of that until the evaluation that found them began', value: both(of('sentAt', 'openedAt')) },
      { what: 'evaluation begun to webhook', value: both(of('openedAt', 'webhookAt')) },
      { what: 'evaluation begun to page', value: both(of('openedAt', 'pageAt')) },
      {
        what: 'an evaluation, mean (with judging suspects where something opens)',
        value: `${round(evaluationMs)} ms`,
      },
      { what: 'rounds that were not heard of', value: String(missing), target: '0', met: missing === 0 },
    ],
  };
}

function mark(rounds: ReadonlyMap<string, Round>, service: string, when: 'webhookAt' | 'pageAt'): void {
  const one = rounds.get(service);
  if (one) one[when] ??= Date.now();
}

function writeConfig(directory: string, webhook: string, intervalMs: number): string {
  const rules = join(directory, 'bench-rules.yaml');
  writeFileSync(
    rules,
    'groups:\n  - name: bench\n    rules:\n      - { alert: Failing, kind: errors, above: 5%, window: 30s, minRequests: 10, severity: critical }\n',
  );
  const config = join(directory, 'lemni.yaml');
  writeFileSync(
    config,
    `alerts:\n  rules: ['${rules}']\n  interval: ${intervalMs}ms\n  allowPrivateNetworks: [127.0.0.0/8]\n  webhooks: [{ name: bench, url: '${webhook}' }]\n`,
  );
  return config;
}

function loginToken(dataDir: string): string {
  const run = spawnSync(join(root, 'bin/lemni'), ['login-link'], {
    encoding: 'utf8',
    env: { ...process.env, LEMNI_DATA_DIR: dataDir },
  });
  const token = /token=([\w-]+)/.exec(run.stdout)?.[1];
  if (token === undefined) throw new Error(`No login link: ${run.stdout}${run.stderr}`);
  return token;
}

async function receive(
  heard: (service: string) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.end();
      const { data } = JSON.parse(Buffer.concat(chunks).toString()) as {
        data: { incident: { services: string[] } };
      };
      for (const service of data.incident.services) heard(service);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function openPage(
  lemni: RunningLemni,
  token: string,
  heard: (incident: { services: string[]; openedAt: string }) => void,
): Promise<Socket> {
  const answer = await fetch(`${lemni.url}/api/login/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error(`The login was refused: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const socket = io(lemni.url, { path: '/live', transports: ['websocket'], extraHeaders: { cookie } });
  socket.on('incident', heard);
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  return socket;
}

async function sendFailing(url: string, service: string): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const text = (key: string, value: string): unknown => ({ key, value: { stringValue: value } });
  const spans = Array.from({ length: 20 }, () => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'POST /pay',
    kind: 2,
    startTimeUnixNano: String(now - 20_000_000n),
    endTimeUnixNano: String(now),
    status: { code: 2 },
  }));
  const attributes = [text('service.name', service), text('deployment.environment.name', 'production')];
  const answer = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] }),
  });
  if (!answer.ok) throw new Error(`Spans were refused: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Of all evaluations of the run, from Lemni's own metrics, ms. */
async function meanEvaluation(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = (name: string): number =>
    Number(
      new RegExp(`^lemni_alerts_evaluation_duration_seconds_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(
        text,
      )?.[1],
    );
  return (of('sum') / of('count')) * 1000;
}

async function untilAll(rounds: readonly Round[], withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  const isHeard = ({ webhookAt, pageAt }: Round): boolean => webhookAt !== undefined && pageAt !== undefined;
  while (!rounds.every(isHeard) && Date.now() < deadline) await pause(50);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
