import type { NewId } from '../../src/lib/ids.js';
import type { Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident } from '../../src/model/incidents.js';
import type { Move } from '../state/evaluate.js';
import type { CallGraph } from './call-graph.js';

/** What is known when incidents are decided. */
export interface Situation {
  readonly now: number;
  readonly moves: readonly Move[];
  /** Open and acknowledged incidents by the key of their place, and of the places it calls or that call it. */
  readonly openAt: ReadonlyMap<string, Incident>;
  /** Ids of those that were opened or gained an alert a short time ago. */
  readonly recent: ReadonlySet<string>;
  /** Incidents that ended by themselves a moment ago, by `<rule id> <fingerprint>` of their alerts. */
  readonly ended: ReadonlyMap<string, Incident>;
  /** The incidents that the moved alerts belong to already, by id. */
  readonly byId: ReadonlyMap<string, Incident>;
  /** Alerts that fire after the moves, by incident: those that have one already. */
  readonly firing: ReadonlyMap<string, readonly Alert[]>;
  readonly graph: CallGraph;
  /** Who deployed last, by the key of the place. */
  readonly deploys: ReadonlyMap<string, DeployRef | null>;
  readonly nextNumber: number;
  readonly newId: NewId;
  /** The id of the incident that opens at a place, by its key: the same however often it is asked. */
  readonly incidentId: (placeKey: string) => string;
}
