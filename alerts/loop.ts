import type { Logger } from 'pino';
import type { Config } from '../config/schema.js';
import type { Clock } from '../src/lib/clock.js';
import { messageOf } from '../src/lib/errors.js';
import { forgetAlerts } from '../src/store/state/alerts.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { forgetNotifications } from '../src/store/state/notifications.js';
import type { Engine } from './engine.js';
import type { Written } from './incidents/commit.js';
import { evaluate } from './pipeline.js';
import { checkRuleFiles, rulesSignature, type RuleSet } from './rules/load.js';

export interface LoopDeps {
  readonly config: Pick<Config['alerts'], 'rules' | 'interval'>;
  readonly state: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
}

const dayMs = 86_400_000;
/** Episodes of alerts and messages are kept this long; incidents and their timelines are kept. */
const keepMs = 400 * dayMs;

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
export class Loop {
  readonly #deps: LoopDeps;
  readonly #engine: Engine;
  readonly #onWritten: OnWritten;
  readonly #stopping = new AbortController();
  #signature = '';
  #running: Promise<void> | undefined;
  #isEvaluating = false;
  #forgotAt = 0;

  constructor(deps: LoopDeps, engine: Engine, onWritten: OnWritten) {
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
      // Never longer than an interval: a clock that was set back an hour must not end the looking for an hour.
      next = Math.min(next, clock.now() + config.interval);
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
