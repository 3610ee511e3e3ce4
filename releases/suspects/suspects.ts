import type { Logger } from 'pino';
import type { Suspect } from '../../src/http/contract/suspects.js';
import type { Clock } from '../../src/lib/clock.js';
import { messageOf } from '../../src/lib/errors.js';
import type { Incident } from '../../src/model/incidents.js';
import type { JudgeSuspects, SuspectSubject } from '../../src/model/suspects.js';
import { alertsOfIncidents } from '../../src/store/state/alerts.js';
import { incidentsSince } from '../../src/store/state/incidents.js';
import { forgetSuspects, saveSuspects, suspectBriefs } from '../../src/store/state/suspects.js';
import { gather, type GatherDeps } from './gather.js';
import { judgeSuspects } from './judge.js';
import type { SuspectMetrics } from './metrics.js';
import type { AnnounceIncidents } from './ports.js';

export interface SuspectsDeps extends GatherDeps {
  readonly announce: AnnounceIncidents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SuspectMetrics;
}

export interface Suspects {
  /** Begins to judge open incidents again as evidence grows. */
  start(): void;
  /** Resolves when a pass that was under way is done. */
  stop(): Promise<void>;
  /** Judges what is due; answers how many judgements were kept. */
  pass(): Promise<number>;
  /** Judges and keeps. Never throws: empty when releases could not be read; a later pass makes up for it. */
  readonly judge: JudgeSuspects;
}

const everyMs = 10_000;
/** While it is young more is known by the minute; later little changes. */
const youngMs = 30 * 60_000;
const againYoungMs = 30_000;
const againOldMs = 10 * 60_000;
/** Those that ended this long ago are judged a last time, also after a restart. */
const endedMs = 6 * 3_600_000;
/** Of hundreds that open at once some wait for the next pass. */
const maxAPass = 20;
const orphansEveryMs = 3_600_000;
const orphanMs = 24 * 3_600_000;
const maxAlerts = 200;

/** Judges which release may have caused each incident, when it opens and again while it goes on. */
export function createSuspects(deps: SuspectsDeps): Suspects {
  const { state, clock } = deps;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let orphansAt = -Infinity;

  const judge = async (subject: SuspectSubject): Promise<readonly Suspect[]> => {
    const started = performance.now();
    const { incidentId } = subject;
    try {
      const suspects = judgeSuspects(await gather(deps, subject));
      await saveSuspects(state, { incidentId, judgedAt: subject.now, suspects });
      deps.metrics.took((performance.now() - started) / 1000);
      return suspects;
    } catch (error) {
      deps.metrics.failed();
      deps.logger.warn({ incident: incidentId, err: messageOf(error) }, 'suspects could not be judged');
      return [];
    }
  };

  const pass = async (): Promise<number> => {
    const now = clock.now();
    const due = await whatIsDue(deps, now);
    const alerts = await alertsOfIncidents(
      state,
      due.map(({ id }) => id),
    );
    let kept = 0;
    for (const incident of due) {
      if (stopping.signal.aborted) break;
      const own = alerts.filter(({ incidentId }) => incidentId === incident.id);
      const suspects = await judge(subjectOf(incident, own, now));
      if (suspects.length === 0) continue;
      kept++;
      await deps.announce([incident.id]);
    }
    if (now - orphansAt >= orphansEveryMs) {
      await forgetSuspects(state, now - orphanMs);
      orphansAt = now;
    }
    return kept;
  };

  const watch = async (): Promise<void> => {
    let failing = false;
    while (!stopping.signal.aborted) {
      try {
        await pass();
        failing = false;
      } catch (error) {
        deps.metrics.failed();
        if (!failing) deps.logger.warn({ err: messageOf(error) }, 'suspects: incidents could not be read');
        failing = true;
      }
      await clock.sleep(everyMs, stopping.signal);
    }
  };

  return {
    start: () => {
      running = watch();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    pass,
    judge,
  };
}

/** Those never judged, those that were a while ago, and those that ended since; the newest first. */
async function whatIsDue({ state }: SuspectsDeps, now: number): Promise<Incident[]> {
  const incidents = await incidentsSince(state, now - endedMs);
  const briefs = await suspectBriefs(
    state,
    incidents.map(({ id }) => id),
  );
  return incidents
    .filter(({ id, openedAt, resolvedAt }) => {
      const judgedAt = briefs.get(id)?.judgedAt;
      if (judgedAt === undefined) return true;
      if (resolvedAt !== null) return judgedAt < resolvedAt;
      return now - judgedAt >= (now - openedAt < youngMs ? againYoungMs : againOldMs);
    })
    .slice(0, maxAPass);
}

function subjectOf(
  { id, services, environment, openedAt }: Incident,
  alerts: SuspectSubject['alerts'],
  now: number,
): SuspectSubject {
  const at = alerts.reduce((first, { activeAt }) => Math.min(first, activeAt), openedAt);
  return { incidentId: id, at, now, environment, services, alerts: alerts.slice(0, maxAlerts) };
}
