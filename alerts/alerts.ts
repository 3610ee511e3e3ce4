import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/schema.js';
import type { Clock } from '../src/lib/clock.js';
import { messageOf } from '../src/lib/errors.js';
import type { NewId } from '../src/lib/ids.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { incidentsByIds } from '../src/store/state/incidents.js';
import { inOrder } from '../src/lib/in-order.js';
import { createEngine, loadAlerts, type RuleHealth } from './engine.js';
import { createIncidentActions, type IncidentActions } from './incidents/actions.js';
import { createHappenings } from './incidents/happenings.js';
import { withAlerts } from './incidents/read.js';
import { createAlertMetrics } from './metrics.js';
import { createNotifiers, type NotifierOptions } from './notify/create.js';
import { createDispatcher } from './notify/dispatcher.js';
import { sendTest } from './notify/send-test.js';
import type { Notifier } from './notify/notifier.js';
import type { JudgeSuspects } from '../src/model/suspects.js';
import type { Calls, FeedbackDuring, LastDeploy, Live, RuleData } from './ports.js';
import type { RuleSet } from './rules/load.js';
import { Loop } from './loop.js';
import type { Alert } from '../src/model/alerts.js';
import type { Notification } from '../src/model/incidents.js';

export interface AlertsDeps {
  readonly config: Config['alerts'];
  /** How people reach Lemni, without a slash at its end: for links in messages. */
  readonly publicUrl: string;
  readonly state: StateDatabase;
  readonly data: RuleData;
  readonly lastDeploy: LastDeploy;
  readonly calls: Calls;
  readonly judgeSuspects: JudgeSuspects;
  readonly feedbackDuring: FeedbackDuring;
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
  /** One evaluation, as the loop does it, and what follows from it; false when one is running already. */
  tick(now: number): Promise<boolean>;
  /** Sends what is due now, as the loop does it; how many attempts were made. */
  dispatch(): Promise<number>;
  rules(): RulesStatus;
  /** A service was deployed: its open incidents say so. */
  noteDeploy(service: string): void;
  /** Somebody said something about a service: its open incidents say so at the next evaluation. */
  noteFeedback(service: string): void;
  /** Tells browsers how incidents look now. Never fails. */
  announce(incidentIds: readonly string[]): Promise<void>;
  readonly notifiers: readonly Notifier[];
  readonly incidents: IncidentActions;
  /** Sends a test message and waits for what comes of it. Throws `BadInput` when there is no such notifier. */
  testNotifier(name: string): Promise<Omit<Notification, 'payload'>>;
}

/** A browser that must learn of more incidents at once asks for the list again. */
const maxEmitted = 200;

/** The alert engine: rules, alerts, incidents and notifications. Throws `BadInput` for a wrong configuration. */
export function createAlerts(deps: AlertsDeps): Alerts {
  const { config, state, clock } = deps;
  const newId = inOrder(deps.newId);
  const metrics = createAlertMetrics(deps.registry);
  const notifiers = createNotifiers(config, deps.outbound);
  const outbox = { notifiers, newId, publicUrl: deps.publicUrl };
  const announce = announcer(deps);
  const changed = (id: string): Promise<void> => announce([id]);
  const dispatcher = createDispatcher({ ...deps, newId, notifiers, metrics, changed });
  const engine = createEngine({ ...deps, newId, outbox, metrics, intervalMs: config.interval });
  const happenings = createHappenings({ ...deps, changed: announce });
  const loop = new Loop(deps, engine, async (written) => {
    if (written.noticed) dispatcher.wake();
    await announce(written.incidentIds);
    happenings.noteIncidents(written.services);
    // Not waited for: however long telemetry takes to answer, the next evaluation is not late.
    void happenings.run();
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
      await happenings.idle();
      await dispatcher.stop();
    },
    reload: () => loop.reload(),
    async tick(now) {
      const isMade = await loop.tick(now);
      await happenings.idle();
      return isMade;
    },
    dispatch: () => dispatcher.runDue(),
    rules: () => ({
      rules: engine.rules.rules,
      fileErrors: engine.fileErrors,
      health: engine.health,
      live: engine.live,
    }),
    noteDeploy: (service) => {
      happenings.note(service);
      void happenings.run();
    },
    noteFeedback: (service) => happenings.note(service),
    announce,
    notifiers,
    incidents: createIncidentActions({
      ...outbox,
      state,
      changed,
      now: () => clock.now(),
      wake: () => dispatcher.wake(),
    }),
    testNotifier: (name) =>
      sendTest(name, { state, notifiers, clock, newId, dispatcher, publicUrl: deps.publicUrl }),
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
