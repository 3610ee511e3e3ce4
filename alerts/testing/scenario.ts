import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ConfigSchema, type ConfigInput } from '../../config/schema.js';
import type { DeployRef } from '../../src/model/incidents.js';
import { newUlid } from '../../src/lib/ids.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { HandClock } from '../../test/support/hand-clock.js';
import { freshSqlite } from '../../test/support/state.js';
import { WebhookReceiver } from '../../test/support/webhook-receiver.js';
import { createAlerts, type Alerts, type AlertsDeps } from '../alerts.js';
import type { IncidentView } from '../incidents/view.js';
import type { JudgeSuspects } from '../../src/model/suspects.js';
import type { Calls, FeedbackDuring, ErrorRatioRow, RuleData } from '../ports.js';

/** What telemetry would say: per service, until it is told otherwise. */
export class FakeRuleData implements RuleData {
  readonly rows = new Map<string, ErrorRatioRow>();
  failure: Error | undefined;
  asked = 0;

  errorRatios(): Promise<readonly ErrorRatioRow[]> {
    this.asked++;
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve([...this.rows.values()]);
  }

  latencies: RuleData['latencies'] = () => Promise.resolve([]);
  logCounts: RuleData['logCounts'] = () => Promise.resolve(new Map());
  commonLogs: RuleData['commonLogs'] = () => Promise.resolve([]);
  feedbackCounts: RuleData['feedbackCounts'] = () => Promise.resolve([]);
  lastSeen: RuleData['lastSeen'] = () => Promise.resolve([]);

  set(service: string, requests: number, errors: number, more: Partial<ErrorRatioRow> = {}): void {
    const row = { service, environment: 'prod', version: '1.4.0', operation: '', requests, errors, ...more };
    this.rows.set(JSON.stringify([service, row.environment, row.operation, row.version]), row);
  }
}

/** Sleeps do not move it, but let others go first. */
class YieldingClock extends HandClock {
  override sleep(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export interface Told {
  /** Virtual seconds from the start. */
  readonly at: number;
  readonly type: string;
  readonly id: string;
  readonly number: number;
  readonly sequence: number;
  readonly summary: string;
}

export interface ScenarioOptions {
  readonly rules: string;
  readonly webhooks?: number;
  readonly state?: StateDatabase;
  readonly wrap?: (state: StateDatabase) => StateDatabase;
  readonly outbound?: AlertsDeps['outbound'];
  /** Besides the webhooks: other notifiers. */
  readonly alerts?: ConfigInput['alerts'];
}

export const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;

/** The alert engine over a real SQLite and a real receiver on loopback; only time and telemetry are made up. */
export class Scenario {
  readonly clock = new YieldingClock(Date.now());
  readonly startedAt = this.clock.now();
  readonly data = new FakeRuleData();
  readonly deploys = new Map<string, DeployRef>();
  /** Who calls whom, and who may have caused it: as telemetry would say. */
  calls: Calls = () => Promise.resolve([]);
  judge: JudgeSuspects = () => Promise.resolve([]);
  said: FeedbackDuring = () => Promise.resolve(null);
  readonly live: IncidentView[] = [];
  readonly told: Told[] = [];
  readonly intervalMs = 15_000;
  alerts: Alerts;
  readonly state: StateDatabase;
  readonly receiver: WebhookReceiver;
  readonly rulesFile: string;
  registry = new Registry();
  readonly #options: ScenarioOptions;
  readonly #stop: () => Promise<void>;
  #isStarted = false;

  private constructor(
    options: ScenarioOptions,
    fresh: { state: StateDatabase; stop: () => Promise<void>; rulesFile: string; receiver: WebhookReceiver },
  ) {
    this.#options = options;
    this.state = fresh.state;
    this.receiver = fresh.receiver;
    this.rulesFile = fresh.rulesFile;
    this.#stop = fresh.stop;
    this.alerts = this.#create();
  }

  static async open(options: ScenarioOptions): Promise<Scenario> {
    const fresh = await freshSqlite();
    const receiver = await WebhookReceiver.listen(secret);
    const directory = join(fresh.dataDir, 'rules');
    mkdirSync(directory);
    const rulesFile = join(directory, 'rules.yaml');
    writeFileSync(rulesFile, options.rules);
    return new Scenario(options, { ...fresh, receiver, rulesFile });
  }

  #create(): Alerts {
    this.registry = new Registry();
    const { alerts: also } = this.#options;
    const input: ConfigInput['alerts'] = {
      rules: [this.rulesFile],
      allowPrivateNetworks: ['127.0.0.0/8'],
      webhooks: [
        ...Array.from({ length: this.#options.webhooks ?? 1 }, (_, i) => ({
          name: `hook${i}`,
          url: this.receiver.url,
          secret,
        })),
        ...(also?.webhooks ?? []),
      ],
      slack: also?.slack ?? [],
    };
    return createAlerts({
      config: ConfigSchema.parse({ alerts: input }).alerts,
      publicUrl: 'https://lemni.example',
      state: this.#options.wrap?.(this.state) ?? this.state,
      data: this.data,
      lastDeploy: (service) => Promise.resolve(this.deploys.get(service) ?? null),
      calls: (at) => this.calls(at),
      judgeSuspects: (subject) => this.judge(subject),
      feedbackDuring: (question) => this.said(question),
      live: { emit: (_event, incident) => void this.live.push(incident) },
      clock: this.clock,
      newId: newUlid,
      random: () => 0,
      log: pino({ level: 'silent' }),
      registry: this.registry,
      ...(this.#options.outbound ? { outbound: this.#options.outbound } : {}),
    });
  }

  /** Virtual seconds from the start. */
  get seconds(): number {
    return (this.clock.now() - this.startedAt) / 1000;
  }

  /** As if the process had died and come back: nothing in memory is left. */
  restart(): void {
    this.alerts = this.#create();
    this.#isStarted = false;
  }

  /** One evaluation and what is due to be sent, now. */
  async tick(): Promise<void> {
    if (!this.#isStarted) await this.alerts.load();
    this.#isStarted = true;
    await this.alerts.tick(this.clock.now());
    await this.dispatch();
  }

  async dispatch(): Promise<void> {
    while ((await this.alerts.dispatch()) > 0) {
      // Until nothing is due any more.
    }
    for (const { body } of this.receiver.deliveries.slice(this.told.length)) {
      const { type, data } = JSON.parse(body) as {
        type: string;
        data: { sequence: number; incident: { id: string; number: number; summary: string } };
      };
      const { id, number, summary } = data.incident;
      this.told.push({ at: this.seconds, type, id, number, sequence: data.sequence, summary });
    }
  }

  /** Goes on to a time, evaluating at multiples of 15 s and sending at multiples of 5. */
  async until(seconds: number): Promise<void> {
    while (this.seconds < seconds) {
      this.clock.advance(1000);
      if (this.seconds % 15 === 0) await this.tick();
      else if (this.seconds % 5 === 0) await this.dispatch();
    }
  }

  async stop(): Promise<void> {
    await this.receiver.close();
    await this.#stop();
  }
}

/** A rule file with these rules, each one line of YAML flow. */
export function rules(...lines: string[]): string {
  return `groups:\n  - name: g\n    rules:\n${lines.map((line) => `      - { kind: errors, ${line} }`).join('\n')}\n`;
}
