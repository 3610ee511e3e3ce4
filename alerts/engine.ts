import type { Logger } from 'pino';
import type { Clock } from '../src/lib/clock.js';
import { groupBy } from '../src/lib/group-by.js';
import type { NewId } from '../src/lib/ids.js';
import type { Alert } from '../src/model/alerts.js';
import { evaluatedAt, liveAlerts, saveAlerts, deleteAlerts } from '../src/store/state/alerts.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import type { AlertMetrics } from './metrics.js';
import type { OutboxDeps } from './notify/outbox.js';
import { noCalls, type CallGraph } from './incidents/call-graph.js';
import type { JudgeSuspects } from '../src/model/suspects.js';
import type { Calls, LastDeploy, RuleData } from './ports.js';
import type { RuleSet } from './rules/load.js';
import { afterOutage } from './state/restore.js';

/** How a rule's last evaluation went. Kept in memory: after a start it is known again within an interval. */
export interface RuleHealth {
  readonly at: number;
  readonly ms: number;
  readonly error: string | null;
}

export interface EngineDeps {
  readonly state: StateDatabase;
  readonly data: RuleData;
  readonly lastDeploy: LastDeploy;
  readonly calls: Calls;
  readonly judgeSuspects: JudgeSuspects;
  readonly outbox: OutboxDeps;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  readonly metrics: AlertMetrics;
  /** How often rules are evaluated, ms. */
  readonly intervalMs: number;
}

/** What the evaluation works on: the rules, and the alerts that are pending or firing as the database has them. */
export interface Engine {
  readonly deps: EngineDeps;
  rules: RuleSet;
  /** Mistakes of the files as last read; they may be newer than `rules`. */
  fileErrors: RuleSet['errors'];
  readonly health: Map<string, RuleHealth>;
  /** By rule id. */
  live: Map<string, Alert[]>;
  /** Who calls whom, as last asked. */
  calls: { readonly at: number; readonly graph: CallGraph };
  /** False before the first look and after a write that failed: then the database is asked again. */
  isLoaded: boolean;
}

export function createEngine(deps: EngineDeps): Engine {
  return {
    deps,
    rules: { rules: [], errors: [], files: [] },
    fileErrors: [],
    health: new Map(),
    live: new Map(),
    calls: { at: -Infinity, graph: noCalls },
    isLoaded: false,
  };
}

/** Takes up what the database knows, as it was; after an outage pending alerts wait that much longer. */
export async function loadAlerts(engine: Engine, now: number): Promise<void> {
  const { state, intervalMs } = engine.deps;
  const known = await liveAlerts(state);
  const outage = { lastEvaluatedAt: await evaluatedAt(state), now, intervalMs };
  const restored = known.map((alert) => ({ alert, after: afterOutage(alert, outage) }));
  const moved = restored.flatMap(({ alert, after }) => (after && after !== alert ? [after] : []));
  const forgotten = restored.filter(({ after }) => after === undefined).map(({ alert }) => alert.id);
  if (moved.length + forgotten.length > 0) {
    await state.transaction().execute(async (transaction) => {
      await deleteAlerts(transaction, forgotten);
      await saveAlerts(transaction, moved);
    });
  }
  engine.live = groupBy(
    restored.flatMap(({ after }) => after ?? []),
    ({ ruleId }) => ruleId,
  );
  engine.isLoaded = true;
}
