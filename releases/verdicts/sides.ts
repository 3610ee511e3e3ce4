import type { VersionPresence } from '../../src/query/releases/presence.js';
import type { Basis } from './facts.js';

export const minuteMs = 60_000;
/** How far back what ran before is looked for, and what counts as seen before. */
export const dayMs = 86_400_000;
/**
 * What ran before is looked at for this long at least: a short bake time would leave it the few requests that it
 * answered in the deploy's own minute.
 */
const leastBeforeMs = 10 * minuteMs;
/** Points that each side's chart has at the most. */
const maxBuckets = 60;

/** Whole minutes. */
export interface Minutes {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ChosenSide extends Minutes {
  readonly version: string;
  readonly exposureMs: number;
  readonly matchedBy: 'version' | 'time';
}

export interface ChosenSides {
  readonly basis: Basis;
  readonly basisText: string;
  readonly before: ChosenSide | null;
  /** Null when telemetry shows nothing of the release. */
  readonly after: ChosenSide | null;
  readonly isShared: boolean;
}

export interface SidesQuestion {
  readonly service: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly startMs: number;
  /** Exclusive: the end of its time, or now. */
  readonly endMs: number;
  readonly minRequests: number;
  readonly presence: readonly VersionPresence[];
}

/** The minutes in which the release ran, as far as they have come. */
export function minutesOfRun({ startMs, endMs }: { startMs: number; endMs: number }): Minutes {
  const fromMs = Math.floor(startMs / minuteMs) * minuteMs;
  return { fromMs, toMs: Math.max(fromMs + minuteMs, Math.ceil(endMs / minuteMs) * minuteMs) };
}

export function stepOf({ fromMs, toMs }: Minutes): number {
  return Math.max(1, Math.ceil((toMs - fromMs) / minuteMs / maxBuckets)) * minuteMs;
}

/**
 * Chooses what a release is compared with. Where another version took requests in at least half of its minutes
 * (rolling and canary deploys), the two are compared in the same time, since both then had the same users, hour
 * and dependencies; else with what ran in the same length of time right before, ten minutes at least. Telemetry
 * without the versions that deploys speak of is parted by the moment of the deploy, without the minute in which it
 * lies.
 */
export function chooseSides(question: SidesQuestion): ChosenSides {
  const { service, version, presence } = question;
  const minutes = minutesOfRun(question);
  const own = presence.find((found) => found.version === version);
  if (own && own.afterRequests + own.afterLogs > 0) return byVersion(question, minutes, own);
  const after = presence.filter((found) => found.afterRequests + found.afterLogs > 0);
  const none = { basis: 'none' as const, before: null, after: null, isShared: false };
  if (after.length === 0) {
    return { ...none, basisText: `No telemetry of ${service} arrived in its time.` };
  }
  const names = new Set(after.map((found) => found.version));
  const known =
    question.previousVersion !== null &&
    names.has(question.previousVersion) &&
    question.previousVersion !== '';
  const fresh = after.some((found) => found.version !== '' && found.beforeRequests + found.beforeLogs === 0);
  if (known || fresh) {
    const carried = [...names]
      .filter((name) => name !== '')
      .slice(0, 3)
      .join(', ');
    return {
      ...none,
      basisText: `Telemetry of ${service} carried ${carried} in its time, and none ${version}.`,
    };
  }
  return byTime(question, minutes);
}

function byVersion(question: SidesQuestion, minutes: Minutes, own: VersionPresence): ChosenSides {
  const { version, startMs, endMs, presence, previousVersion } = question;
  const after: ChosenSide = {
    ...minutes,
    version,
    exposureMs: Math.max(1000, endMs - startMs),
    matchedBy: 'version',
  };
  const others = presence.filter((found) => found.version !== version);
  const shared = others.reduce((sum, found) => sum + found.afterRequests, 0);
  const isShared = shared > 0.1 * own.afterRequests;
  const beside = prefer(others, previousVersion, (found) => found.afterRequests);
  if (beside && isBeside(beside, own, question)) {
    return {
      basis: 'alongside',
      basisText: `Compared with ${nameOf(beside.version)}, which took ${beside.afterRequests} requests in the same time.`,
      before: { ...after, version: beside.version },
      after,
      isShared: true,
    };
  }
  const ran =
    prefer(others, previousVersion, (found) => found.beforeRequests * 1000 + found.beforeLogs) ??
    // What came right before it may have begun in the very minute of the deploy.
    others.find((found) => found.version === previousVersion && found.afterMinutes.includes(minutes.fromMs));
  if (!ran) {
    return { basis: 'none', basisText: whyNone(own, question), before: null, after, isShared };
  }
  // To the end of the deploy's own minute where it still answered in it; else to its last minute.
  const last = ran.afterMinutes.includes(minutes.fromMs)
    ? minutes.fromMs
    : (ran.beforeLastAt ?? minutes.fromMs);
  const toMs = last + minuteMs;
  const length = Math.max(minutes.toMs - minutes.fromMs, leastBeforeMs);
  const fromMs = Math.max(toMs - length, Math.min(ran.beforeFirstAt ?? last, last));
  const gap = startMs - toMs;
  const before: ChosenSide = {
    fromMs,
    toMs,
    version: ran.version,
    exposureMs: Math.max(1000, Math.min(toMs, Math.max(startMs, fromMs + minuteMs)) - fromMs),
    matchedBy: 'version',
  };
  return {
    basis: 'previous',
    basisText: `Compared with ${nameOf(ran.version)} in the ${words(toMs - fromMs)} before${gap > 5 * minuteMs ? ` it stopped, ${words(gap)} earlier` : ''}.`,
    before,
    after,
    isShared,
  };
}

function isBeside(beside: VersionPresence, own: VersionPresence, { minRequests }: SidesQuestion): boolean {
  const minutes = new Set(beside.afterMinutes);
  const together = own.afterMinutes.filter((minute) => minutes.has(minute)).length;
  return (
    beside.afterRequests >= minRequests &&
    own.afterMinutes.length >= 2 &&
    together * 2 >= own.afterMinutes.length
  );
}

/** The version that ran before it, if it was seen; else the one that was seen most. */
function prefer(
  others: readonly VersionPresence[],
  previousVersion: string | null,
  size: (found: VersionPresence) => number,
): VersionPresence | undefined {
  const seen = others.filter((found) => size(found) > 0).toSorted((a, b) => size(b) - size(a));
  return seen.find((found) => found.version === previousVersion) ?? seen[0];
}

function whyNone(own: VersionPresence, { service, version }: SidesQuestion): string {
  return own.beforeRequests + own.beforeLogs > 0
    ? `The same version ran before, so ${service} ${version} has nothing to be compared with.`
    : `It is the first version of ${service} that was seen, so there is nothing to compare it with.`;
}

function byTime(question: SidesQuestion, minutes: Minutes): ChosenSides {
  const { version, previousVersion, presence, endMs } = question;
  const first = minutes.fromMs + minuteMs;
  const after: ChosenSide = {
    version,
    fromMs: first,
    toMs: Math.max(first + minuteMs, minutes.toMs),
    exposureMs: Math.max(minuteMs, endMs - first),
    matchedBy: 'time',
  };
  const length = after.toMs - after.fromMs;
  const isKnown = presence.some((found) => (found.beforeLastAt ?? 0) >= minutes.fromMs - length);
  const without =
    'Telemetry does not carry the deployed version, so the moment of the deploy parts before from after';
  if (!isKnown) {
    return {
      basis: 'none',
      basisText: `${without}, and nothing was seen before it.`,
      before: null,
      after,
      isShared: false,
    };
  }
  return {
    basis: 'previous',
    basisText: `${without}; compared with the ${words(length)} before it.`,
    before: {
      version: previousVersion ?? '',
      fromMs: minutes.fromMs - length,
      toMs: minutes.fromMs,
      exposureMs: length,
      matchedBy: 'time',
    },
    after,
    isShared: false,
  };
}

function nameOf(version: string): string {
  return version === '' ? 'what carried no version' : version;
}

function words(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / minuteMs));
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
