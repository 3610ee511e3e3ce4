import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/schema.js';
import type { Clock } from '../src/lib/clock.js';
import { messageOf } from '../src/lib/errors.js';
import type { NewId } from '../src/lib/ids.js';
import { forgetAlerts } from '../src/store/state/alerts.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { incidentsByIds } from '../src/store/state/incidents.js';
import { forgetNotifications } from '../src/store/state/notifications.js';
import { inOrder } from './ids.js';
import { createEngine, loadAlerts, type Engine, type RuleHealth } from './engine.js';
import { createIncidentActions, type IncidentActions } from './incidents/actions.js';
import type { Written } from './incidents/commit.js';
import { withAlerts } from './incidents/read.js';
import { createAlertMetrics } from './metrics.js';
import { createNotifiers, type NotifierOptions } from './notify/create.js';
import { createDispatcher } from './notify/dispatcher.js';
import { sendTest } from './notify/send-test.js';
import type { Notifier } from './notify/notifier.js';
import { evaluate } from './pipeline.js';
import type { LastDeploy, Live, RuleData } from './ports.js';
import { checkRuleFiles, rulesSignature, type RuleSet } from './rules/load.js';
import type { Alert } from '../src/model/alerts.js';
import type { Notification } from '../src/model/incidents.js';

export interface AlertsDeps {
  readonly config: Config['alerts'];
  /** How people reach Lemni, without a slash at its end: for links in messages. */
  readonly publicUrl: string;
  readonly state: StateDatabase;
  readonly data: RuleData;
  readonly lastDeploy: LastDeploy;
  readonly live: Live;
  readonly clock: Clock;
  readonly newId: NewId;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly log: Logger;
  readonly registry: Registry;
  /** For tests: how names are resolved, how long a receiver may take. */
  readonly outbound?: NotifierOptions;
}

export interface RulesStatus {
  readonly rules: RuleSet['rules'];
  readonly fileErrors: RuleSet['errors'];
  readonly health: ReadonlyMap<string, RuleHealth>;
  /** Pending and firing alerts by rule id. */
  readonly live: ReadonlyMap<string, readonly Alert[]>;
}

export interface Alerts {
  /** Reads the rules and takes up what was pending and firing. */
  load(): Promise<void>;
  /** Loads, and begins to evaluate and to send. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Reads the rule files again. With any mistake in them the old rules go on; the mistakes are answered. */
  reload(): Promise<RuleSet['errors']>;
  /** One evaluation, as the loop does it; false when one is running already. */
  tick(now: number): Promise<boolean>;
  /** Sends what is due now, as the loop does it; how many attempts were made. */
  dispatch(): Promise<number>;
  rules(): RulesStatus;
  readonly notifiers: readonly Notifier[];
  readonly incidents: IncidentActions;
  /** Sends a test message and waits for what comes of it. Throws `BadInput` when there is no such notifier. */
  testNotifier(name: string): Promise<Omit<Notification, 'payload'>>;
}

const dayMs = 86_400_000;
/** Episodes of alerts and messages are kept this long; incidents and their timelines are kept. */
const keepMs = 400 * dayMs;
/** A browser that must learn of more incidents at once asks for the list again. */
const maxEmitted = 200;

/** The alert engine: rules, alerts, incidents and notifications. Throws `BadInput` for a wrong configuration. */
export function createAlerts(deps: AlertsDeps): Alerts {
  const { config, state, clock } = deps;
  const newId = inOrder(deps.newId);
  const metrics = createAlertMetrics(deps.registry);
  const notifiers = createNotifiers(config, deps.outbound);
  const outbox = { notifiers, newId, incidentUrl: (id: string) => `${deps.publicUrl}/incidents/${id}` };
  const announce = announcer(deps);
  const changed = (id: string): Promise<void> => announce([id]);
  const dispatcher = createDispatcher({ ...deps, newId, notifiers, metrics, changed });
  const engine = createEngine({ ...deps, newId, outbox, metrics, intervalMs: config.interval });
  const loop = new Loop(deps, engine, async (written) => {
    if (written.noticed) dispatcher.wake();
    await announce(written.incidentIds);
  });
  async function load(): Promise<void> {
    await loop.loadRules();
    await loadAlerts(engine, clock.now());
  }
  return {
    load,
    async start() {
      await load();
      loop.start();
      dispatcher.start();
    },
    async stop() {
      await loop.stop();
      await dispatcher.stop();
    },
    reload: () => loop.reload(),
    tick: (now) => loop.tick(now),
    dispatch: () => dispatcher.runDue(),
    rules: () => ({
      rules: engine.rules.rules,
      fileErrors: engine.fileErrors,
      health: engine.health,
      live: engine.live,
    }),
    notifiers,
    incidents: createIncidentActions({
      ...outbox,
      state,
      changed,
      now: () => clock.now(),
      wake: () => dispatcher.wake(),
    }),
    testNotifier: (name) =>
      sendTest(name, { state, notifiers, clock, newId, dispatcher, incidentUrl: deps.publicUrl }),
  };
}

/** Tells browsers how incidents look now. Never fails: an alert does not depend on who is watching. */
function announcer({ state, live, log }: AlertsDeps): (incidentIds: readonly string[]) => Promise<void> {
  return async (incidentIds) => {
    try {
      const incidents = await incidentsByIds(state, incidentIds.slice(0, maxEmitted));
      for (const incident of await withAlerts(state, incidents)) live.emit('incident', incident);
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'browsers could not be told of an incident');
    }
  };
}

function adoptRules(engine: Engine, rules: RuleSet): void {
  engine.rules = rules;
  const known = new Set(rules.rules.map(({ id }) => id));
  for (const id of engine.health.keys()) if (!known.has(id)) engine.health.delete(id);
  engine.deps.metrics.rules(rules.rules.length, rules.errors.length);
}

function logMistakes(log: Logger, { errors }: RuleSet, words: string): void {
  for (const error of errors.slice(0, 20)) log.error({ ...error, of: errors.length }, words);
}

type OnWritten = (written: Written) => Promise<void>;

/** Evaluates on the clock: no two at once, late ones are left out and counted. */
class Loop {
  readonly #deps: AlertsDeps;
  readonly #engine: Engine;
  readonly #onWritten: OnWritten;
  readonly #stopping = new AbortController();
  #signature = '';
  #running: Promise<void> | undefined;
  #isEvaluating = false;
  #forgotAt = 0;

  constructor(deps: AlertsDeps, engine: Engine, onWritten: OnWritten) {
    this.#deps = deps;
    this.#engine = engine;
    this.#onWritten = onWritten;
  }

  /** At a start the rules of the files that are right are taken, and the mistakes in others are named. */
  async loadRules(): Promise<void> {
    const { config, log } = this.#deps;
    this.#signature = await rulesSignature(config.rules);
    const rules = await checkRuleFiles(config.rules, { intervalMs: config.interval });
    adoptRules(this.#engine, rules);
    this.#engine.fileErrors = rules.errors;
    logMistakes(log, rules, 'a rule file has a mistake: its rules are left out');
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, config, log } = this.#deps;
    const { signal } = this.#stopping;
    let next = clock.now();
    while (!signal.aborted) {
      await this.tick(clock.now());
      await this.#housekeeping().catch((error: unknown) => {
        log.warn({ error: messageOf(error) }, 'old alerts could not be cleared away');
      });
      next += config.interval;
      const late = Math.floor((clock.now() - next) / config.interval) + 1;
      if (late > 0) {
        this.#engine.deps.metrics.missed(late);
        next += late * config.interval;
      }
      await clock.sleep(Math.max(0, next - clock.now()), signal);
    }
  }

  async tick(now: number): Promise<boolean> {
    if (this.#isEvaluating) return false;
    this.#isEvaluating = true;
    const { metrics } = this.#engine.deps;
    const started = performance.now();
    try {
      await this.#onWritten(await evaluate(this.#engine, now));
    } catch (error) {
      metrics.tickFailed();
      this.#deps.log.error({ error: messageOf(error) }, 'an evaluation could not be kept; it is made again');
    } finally {
      metrics.evaluation((performance.now() - started) / 1000);
      this.#isEvaluating = false;
    }
    return true;
  }

  async reload(): Promise<RuleSet['errors']> {
    const { config, log } = this.#deps;
    this.#signature = await rulesSignature(config.rules);
    const rules = await checkRuleFiles(config.rules, { intervalMs: config.interval });
    this.#engine.fileErrors = rules.errors;
    if (rules.errors.length === 0) {
      adoptRules(this.#engine, rules);
      log.info({ rules: rules.rules.length, files: rules.files.length }, 'rules were read again');
    } else {
      this.#engine.deps.metrics.rules(this.#engine.rules.rules.length, rules.errors.length);
      logMistakes(log, rules, 'a rule file has a mistake: the old rules go on');
    }
    return rules.errors;
  }

  async #housekeeping(): Promise<void> {
    if ((await rulesSignature(this.#deps.config.rules)) !== this.#signature) await this.reload();
    const { state, clock } = this.#deps;
    if (clock.now() - this.#forgotAt < dayMs) return;
    this.#forgotAt = clock.now();
    await forgetAlerts(state, clock.now() - keepMs);
    await forgetNotifications(state, clock.now() - keepMs);
  }
}
