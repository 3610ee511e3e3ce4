import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createAlerts } from '../../alerts/alerts.js';
import { withAlerts } from '../../alerts/incidents/read.js';
import { ConfigSchema } from '../../config/schema.js';
import type { Clock } from '../../src/lib/clock.js';
import { newUlid } from '../../src/lib/ids.js';
import { Secret } from '../../src/lib/secret.js';
import { suspectMetrics } from '../../releases/suspects/metrics.js';
import { createSuspects } from '../../releases/suspects/suspects.js';
import { createRuleData } from '../../src/query/rule-data/create.js';
import { createSuspectData } from '../../src/query/suspects/suspect-data.js';
import { createServiceGraph } from '../../src/query/service-graph.js';
import { recentAlerts } from '../../src/store/state/alerts.js';
import { connectState } from '../../src/store/state/connect.js';
import { listIncidents } from '../../src/store/state/incidents.js';
import { migrateState } from '../../src/store/state/migrate.js';
import { TelemetryReaders, type TelemetryReader } from '../../src/store/telemetry/database.js';
import type { Fault } from './faults.js';
import { held, type Judged } from './judged.js';

export interface JudgeOptions {
  /** Sends the recording to an OTLP receiver, as fast as it takes it; answers where its times were put. */
  readonly send: (
    url: string,
  ) => Promise<{ readonly from: number; readonly to: number; readonly shiftMs: number }>;
  readonly faults: readonly Fault[];
  /** Rule files or patterns. */
  readonly rules: readonly string[];
  /** The root of the project, where bin/lemni is. */
  readonly root: string;
  readonly onProgress?: (done: number, of: number) => void;
}

/** As the engine's default (`alerts.interval`). */
const stepMs = 15_000;
/** The rules look on for this long after the last signal: a window of 5 min and a minute of `for`. */
const lookOnMs = 6 * 60_000;
const callsDuringMs = 15 * 60_000;

/**
 * What rules make of a recording, at its own pace however fast it is replayed: the recording goes into a Lemni of
 * its own, and then the alert engine walks through the time that it covers, an evaluation every 15 s on a clock of
 * its own. Rules that are evaluated while a compressed replay runs would see an hour as one window.
 */
export async function judge(options: JudgeOptions): Promise<Judged> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lemni-replay-'));
  try {
    const covered = await recordInto(dataDir, options);
    const target = { url: '', dataDir, database: 'lemni', user: 'default', password: new Secret('') };
    const limits = { timeoutMs: 60_000, maxMemoryBytes: 2 * 1024 ** 3, maxRows: 200_000 };
    const reader = await TelemetryReaders.open({ ...target, readers: 1, limits });
    try {
      return await walk(reader, covered, options);
    } finally {
      await reader.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Covered = Awaited<ReturnType<JudgeOptions['send']>>;

async function recordInto(dataDir: string, { root, send }: JudgeOptions): Promise<Covered> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  const child = spawn(join(root, 'bin/lemni'), ['serve'], {
    cwd: root,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      LEMNI_DATA_DIR: dataDir,
      LEMNI_PORT: String(port),
      LEMNI_GRPC_PORT: String(grpcPort),
    },
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    for (let i = 0; !(await isReady(url)); i++) {
      if (child.exitCode !== null || i > 600)
        throw new Error('A Lemni to judge the recording did not start.');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return await send(url);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('No free port.');
  return address.port;
}

async function walk(reader: TelemetryReader, covered: Covered, options: JudgeOptions): Promise<Judged> {
  const stateDir = mkdtempSync(join(tmpdir(), 'lemni-replay-state-'));
  const state = connectState({ url: new Secret(''), dataDir: stateDir });
  try {
    await migrateState(state);
    const graph = createServiceGraph(reader);
    let now = covered.from;
    const clock: Clock = { now: () => now, sleep: () => new Promise(() => undefined) };
    const silent = pino({ level: 'silent' });
    const registry = new Registry();
    const suspects = createSuspects({
      state,
      data: createSuspectData(reader),
      graph,
      announce: () => Promise.resolve(),
      clock,
      logger: silent,
      metrics: suspectMetrics(registry),
    });
    const alerts = createAlerts({
      config: ConfigSchema.parse({ alerts: { rules: [...options.rules] } }).alerts,
      publicUrl: 'http://replay',
      state,
      data: createRuleData(reader),
      lastDeploy: () => Promise.resolve(null),
      calls: (at) => graph.calls({ fromMs: at - callsDuringMs, toMs: at }),
      judgeSuspects: (subject) => suspects.judge(subject),
      feedbackDuring: () => Promise.resolve(null),
      live: { emit: () => undefined },
      ...{ clock, newId: newUlid, random: Math.random, log: silent, registry },
    });
    await alerts.load();
    const failed: Record<string, string> = {};
    const reasons = new Map<string, string>();
    const steps = Math.ceil((covered.to + lookOnMs - covered.from) / stepMs);
    for (let i = 1; i <= steps; i++) {
      now = covered.from + i * stepMs;
      await alerts.tick(now);
      const { rules, health, live } = alerts.rules();
      for (const { id, state: stage, reason } of [...live.values()].flat()) {
        if (stage === 'firing' && !reasons.has(id)) reasons.set(id, reason);
      }
      for (const { id, name } of rules) {
        const error = health.get(id)?.error ?? null;
        if (error !== null) failed[name] = error;
      }
      options.onProgress?.(i, steps);
    }
    const incidents = await listIncidents(state, { limit: 1000 });
    const views = await withAlerts(state, incidents.reverse());
    // An alert that is over says why it ended; what a person was told is why it fired.
    const fired = (await recentAlerts(state, covered.from, 10_000)).map((alert) => ({
      ...alert,
      reason: reasons.get(alert.id) ?? alert.reason,
    }));
    return {
      rules: alerts.rules().rules.length,
      evaluations: steps,
      stepSeconds: stepMs / 1000,
      failed,
      ...held({ alerts: fired, incidents: views, faults: options.faults }, covered.shiftMs),
    };
  } finally {
    await state.destroy();
    rmSync(stateDir, { recursive: true, force: true });
  }
}
