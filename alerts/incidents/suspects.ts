import type { Logger } from 'pino';
import type { Suspect } from '../../src/http/contract/suspects.js';
import { messageOf } from '../../src/lib/errors.js';
import { within } from '../../src/lib/within.js';
import { graver, type Alert } from '../../src/model/alerts.js';
import type { Incident } from '../../src/model/incidents.js';
import type { JudgeSuspects, SuspectSubject } from '../../src/model/suspects.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import type { OutboxDeps } from '../notify/outbox.js';
import { foresee, type Evaluated } from './commit.js';

export interface SuspectDeps {
  readonly state: StateDatabase;
  readonly judgeSuspects: JudgeSuspects;
  readonly outbox: OutboxDeps;
  readonly log: Logger;
}

type Suspects = ReadonlyMap<string, readonly Suspect[]>;

/** An alert waits no longer than this for who may have caused it, ms. */
const judgeWithinMs = 2000;
/** Judged before they are told, the gravest: what opens by the dozen at once has another cause. */
const maxJudged = 4;

/**
 * Suspects of the incidents that are about to open, by id. What is not judged in time, or cannot be, is told
 * without a suspect; the incident's page judges it later. Never throws.
 */
export async function suspectsOf(
  deps: SuspectDeps,
  evaluated: Omit<Evaluated, 'suspects'>,
): Promise<Suspects> {
  if (!evaluated.moves.some(({ transition }) => transition === 'fired')) return new Map();
  const judged = new Map<string, readonly Suspect[]>();
  try {
    const subjects = await opening(deps, evaluated);
    const all = subjects.map(async (subject) => {
      judged.set(subject.incidentId, await deps.judgeSuspects(subject));
    });
    await within(judgeWithinMs, Promise.all(all));
  } catch (error) {
    deps.log.warn(
      { error: messageOf(error) },
      'suspects are not known in time; the message goes without them',
    );
  }
  // A copy: who comes late must not change what is being written.
  return new Map(judged);
}

async function opening(deps: SuspectDeps, evaluated: Omit<Evaluated, 'suspects'>): Promise<SuspectSubject[]> {
  const { opened, reopened, notices } = await foresee(
    deps.state,
    { ...evaluated, suspects: new Map() },
    deps.outbox,
  );
  const alerts = new Map(notices.map(({ incident, alerts: some }) => [incident.id, some]));
  return [...opened.map(({ incident }) => incident), ...reopened]
    .sort(graverFirst)
    .slice(0, maxJudged)
    .map((incident) => subjectOf(incident, alerts.get(incident.id) ?? [], evaluated.now));
}

function subjectOf(incident: Incident, alerts: readonly Alert[], now: number): SuspectSubject {
  return {
    incidentId: incident.id,
    at: alerts.reduce((first, { activeAt }) => Math.min(first, activeAt), now),
    now,
    environment: incident.environment,
    services: incident.services,
    alerts: alerts.slice(0, maxAlerts),
  };
}

/** Enough to judge by. */
const maxAlerts = 200;

function graverFirst(one: Incident, other: Incident): number {
  if (one.severity === other.severity) return one.number - other.number;
  return graver(one.severity, other.severity) ? -1 : 1;
}
