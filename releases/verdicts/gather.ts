import type { Place, Release } from '../../src/model/releases.js';
import { releaseId } from '../../src/model/releases.js';
import type { FirstSeenRow } from '../../src/query/releases/first-seen.js';
import type { SideCounts } from '../../src/query/releases/side.js';
import type { ComparisonFacts, SideFacts } from './facts.js';
import type { ReleaseData } from './ports.js';
import { chooseSides, dayMs, minutesOfRun, stepOf, type ChosenSide } from './sides.js';

/** A release and the time in which it is looked at, Unix ms; `endMs` is not later than now. */
export interface Looked {
  readonly release: Pick<Release, 'service' | 'environment' | 'version' | 'previousVersion' | 'id'>;
  readonly startMs: number;
  readonly endMs: number;
}

const maxFirstSeen = 100;
const nothing: SideCounts = {
  requests: 0,
  errors: 0,
  durations: { levels: [], values: [] },
  points: [],
  operations: [],
  logs: 0,
  errorLogs: 0,
  logPoints: [],
  ratings: 0,
  badRatings: 0,
};

/** Reads what a release did and what ran before or beside it. */
export async function gather(
  data: ReleaseData,
  looked: Looked,
  minRequests: number,
): Promise<ComparisonFacts> {
  const { release, startMs, endMs } = looked;
  const minutes = minutesOfRun(looked);
  const presence = await data.presence({
    ...placeOf(release),
    fromMs: minutes.fromMs - dayMs,
    after: minutes,
  });
  const sides = chooseSides({ ...release, startMs, endMs, minRequests, presence });
  const { basis, basisText, isShared } = sides;
  const stepMs = stepOf(minutes);
  if (!sides.after) return { ...unseen(looked, basisText), stepMs };
  const [after, before, firstSeen] = await Promise.all([
    readSide(data, release, { side: sides.after, stepMs }),
    sides.before ? readSide(data, release, { side: sides.before, stepMs }) : null,
    sides.before ? readFirstSeen(data, release, sides.after) : [],
  ]);
  return { service: release.service, basis, basisText, isShared, before, after, firstSeen, stepMs };
}

/** Two releases of a service, each in its own time. */
export async function gatherChosen(
  data: ReleaseData,
  looked: Looked,
  other: Looked,
): Promise<ComparisonFacts> {
  const [one, two] = await Promise.all([gatherAlone(data, looked), gatherAlone(data, other)]);
  const { service, version } = looked.release;
  return {
    ...one,
    basis: 'chosen',
    basisText: `${service} ${version} and ${other.release.version}, each in the first minutes of its own time.`,
    before: two.after,
  };
}

async function gatherAlone(data: ReleaseData, looked: Looked): Promise<ComparisonFacts> {
  const { release, startMs, endMs } = looked;
  const minutes = minutesOfRun(looked);
  const presence = await data.presence({
    ...placeOf(release),
    fromMs: minutes.fromMs - dayMs,
    after: minutes,
  });
  const sides = chooseSides({ ...release, startMs, endMs, minRequests: Infinity, presence });
  const stepMs = stepOf(minutes);
  if (!sides.after) return { ...unseen(looked, sides.basisText), stepMs };
  const [after, firstSeen] = await Promise.all([
    readSide(data, release, { side: sides.after, stepMs }),
    readFirstSeen(data, release, sides.after),
  ]);
  const { service } = release;
  return { service, basis: 'none', basisText: '', isShared: false, before: null, after, firstSeen, stepMs };
}

/** What is said of a release that telemetry shows nothing of, without asking. */
export function unseen({ release, startMs, endMs }: Looked, basisText: string): ComparisonFacts {
  const minutes = minutesOfRun({ startMs, endMs });
  return {
    service: release.service,
    basis: 'none',
    basisText,
    isShared: false,
    before: null,
    after: {
      ...minutes,
      version: release.version,
      releaseId: release.id,
      exposureMs: endMs - startMs,
      matchedBy: 'version',
      counts: nothing,
    },
    firstSeen: [],
    stepMs: stepOf(minutes),
  };
}

async function readSide(
  data: ReleaseData,
  release: Looked['release'],
  { side, stepMs }: { side: ChosenSide; stepMs: number },
): Promise<SideFacts> {
  const { fromMs, toMs, version, matchedBy } = side;
  const place = placeOf(release);
  const counts = await data.side({
    ...place,
    fromMs,
    toMs,
    stepMs,
    version: matchedBy === 'time' ? undefined : version,
  });
  return { ...side, releaseId: version === '' ? null : releaseId(place, version), counts };
}

function readFirstSeen(
  data: ReleaseData,
  release: Looked['release'],
  { fromMs, toMs, version, matchedBy }: ChosenSide,
): Promise<FirstSeenRow[]> {
  return data.firstSeen({
    ...placeOf(release),
    version: matchedBy === 'time' ? undefined : version,
    after: { fromMs, toMs },
    knownFromMs: fromMs - dayMs,
    limit: maxFirstSeen,
  });
}

function placeOf({ service, environment }: Place): Place {
  return { service, environment };
}
