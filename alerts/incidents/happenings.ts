import type { Logger } from 'pino';
import type { Clock } from '../../src/lib/clock.js';
import { messageOf } from '../../src/lib/errors.js';
import type { Incident, TimelineEntry } from '../../src/model/incidents.js';
import { deploysOfServices, type StoredDeploy } from '../../src/store/state/deploys.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { putTimeline } from '../../src/store/state/incident-timeline.js';
import { incidentsSince } from '../../src/store/state/incidents.js';
import type { FeedbackDuring } from '../ports.js';
import * as timeline from './timeline.js';

export interface HappeningsDeps {
  readonly state: StateDatabase;
  readonly feedbackDuring: FeedbackDuring;
  readonly clock: Clock;
  readonly log: Logger;
  /** Incidents have something new in their timelines. */
  readonly changed: (incidentIds: readonly string[]) => Promise<void>;
}

/** What else happened to the services of incidents: deploys, and what people said. */
export interface Happenings {
  /** A service was deployed, or somebody said something about it: its incidents look again. */
  note(service: string): void;
  /** Incidents that opened look at what has happened already. */
  noteIncidents(services: readonly string[]): void;
  /** Looks again where something was noted. Never throws; no two run at once, and only one waits for its turn. */
  run(): Promise<void>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** A signal can be read a little later than it was accepted: what is noted is looked at until it is this old, ms. */
const settledMs = 5000;
/** Incidents that ended a moment ago still get what was on its way. */
const endedWithinMs = 10 * 60_000;
const maxNoted = 1000;
const maxDeploys = 200;

/**
 * Nothing is counted here: each look reads what is stored and says it under an id of its own, so that telling
 * it twice, or dying in between, changes nothing. A start looks at every open incident.
 */
export function createHappenings(deps: HappeningsDeps): Happenings {
  const noted = new Map<string, number>();
  let everything = true;
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  const note = (service: string): void => {
    if (noted.size >= maxNoted && !noted.has(service)) everything = true;
    else noted.set(service, deps.clock.now());
  };

  const look = async (): Promise<void> => {
    if (noted.size === 0 && !everything) return;
    const now = deps.clock.now();
    const wanted = everything ? undefined : new Set(noted.keys());
    everything = false;
    try {
      const incidents = await incidentsSince(deps.state, now - endedWithinMs);
      const touched: string[] = [];
      for (const incident of incidents) {
        if (wanted && !incident.services.some((service) => wanted.has(service))) continue;
        if (await lookAt(deps, incident, now)) touched.push(incident.id);
      }
      if (touched.length > 0) await deps.changed(touched);
      for (const [service, at] of noted) if (now - at >= settledMs) noted.delete(service);
    } catch (error) {
      // What was noted stays noted: the next look makes up for it.
      everything ||= wanted === undefined;
      deps.log.warn({ error: messageOf(error) }, 'what happened during incidents could not be read');
    }
  };

  return {
    note,
    noteIncidents: (services) => services.forEach(note),
    // Whoever asks while one waits is answered by it: thousands of deploys at once are one look.
    run: () =>
      (waiting ??= running.then(() => {
        waiting = undefined;
        return (running = look());
      })),
    idle: () => waiting ?? running,
  };
}

async function lookAt(deps: HappeningsDeps, incident: Incident, now: number): Promise<boolean> {
  const { state, feedbackDuring } = deps;
  const { services, environment } = incident;
  const [from, to] = [incident.openedAt, incident.resolvedAt ?? now];
  if (services.length === 0) return false;
  const deploys = await deploysOfServices(state, services, { from, to, limit: maxDeploys });
  // An empty environment, asked or told, matches any.
  const here = deploys.filter(({ change }) => isWithin(change.environment, environment));
  const entries: TimelineEntry[] = here.map((deploy) => deployEntry(incident.id, deploy));
  const said = await feedbackDuring({ services, environment, from, to });
  if (said !== null) entries.push(timeline.said(incident.id, said));
  let changed = false;
  for (const entry of entries) changed = (await putTimeline(state, entry)) || changed;
  return changed;
}

function isWithin(told: string, asked: string): boolean {
  return told === asked || told === '' || asked === '';
}

function deployEntry(incidentId: string, { change, releaseId }: StoredDeploy): TimelineEntry {
  const { id, service, version, at, actor, status, type } = change;
  return timeline.deployedNow(incidentId, {
    changeId: id,
    service,
    version,
    at,
    actor,
    releaseId,
    status,
    type,
  });
}
