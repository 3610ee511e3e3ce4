import type { ServerToClient } from '../../../../src/http/contract/live.js';
import { parameters } from './loop-geometry.js';

type Incident = Parameters<ServerToClient['incident']>[0];
type Feedback = Parameters<ServerToClient['feedback']>[0];
type Problem = Parameters<ServerToClient['problem']>[0];
type Release = Parameters<ServerToClient['release']>[0];

/** A way along the loop, as parameters of its curve, and what goes there. */
export interface Journey {
  readonly color: string;
  readonly from: number;
  readonly to: number;
  /** For a person, under the loop. */
  readonly words: string;
}

const full = 2 * Math.PI;

/**
 * Turns live events into journeys, one for each thing that became something else: a signal an incident, an
 * incident or feedback a problem, a fix a release, a release the end of its problem. An event that only renews
 * numbers (a rank, a summary) goes nowhere: the page stays calm.
 */
export function createJourneys(startedAt: number) {
  const known = new Map<string, string>();
  const isNews = (id: string, state: string, at: string): boolean => {
    const before = known.get(id);
    known.set(id, state);
    // The first word of something that is older than the page tells nothing new.
    return before === undefined ? Date.parse(at) >= startedAt : before !== state;
  };
  return {
    incident({ id, state, number, title, openedAt }: Incident): Journey | null {
      if (!isNews(id, state, openedAt) || state !== 'open') return null;
      const words = `Incident #${number} opened: ${title}`;
      return { color: 'var(--critical-fill)', from: parameters.operate, to: parameters.monitor, words };
    },
    problem({ id, state, number, title, createdAt, verification }: Problem): Journey | null {
      if (!isNews(id, state, createdAt)) return null;
      const name = `P-${number} ${title}`;
      const toPlan = { from: parameters.monitor, to: parameters.plan + full };
      const version = verification?.version ?? 'a release';
      if (state === 'open') return { ...toPlan, color: 'var(--warning-fill)', words: `To plan: ${name}` };
      if (state === 'fixed')
        return {
          color: 'var(--release-fill)',
          from: parameters.plan,
          to: parameters.deploy,
          words: `${version} means to fix ${name}`,
        };
      if (state === 'verified')
        return { ...toPlan, color: 'var(--healthy-fill)', words: `${version} fixed ${name}` };
      if (state === 'regressed')
        return { ...toPlan, color: 'var(--critical-fill)', words: `${version} did not fix ${name}` };
      return null;
    },
    release({ id, service, version, deployedAt, firstSeenAt }: Release): Journey | null {
      if (!isNews(id, 'released', deployedAt ?? firstSeenAt)) return null;
      const words = `Released: ${service} ${version}`;
      return { color: 'var(--release-fill)', from: parameters.release, to: parameters.operate, words };
    },
    /** Told again when somebody answers or closes it. */
    feedback({ id, at }: Feedback): Journey | null {
      if (!isNews(id, 'said', at)) return null;
      const words = 'Somebody said something';
      return { color: 'var(--feedback-fill)', from: parameters.monitor, to: parameters.plan + full, words };
    },
  };
}
