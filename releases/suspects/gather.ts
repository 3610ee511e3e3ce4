import type { Alert } from '../../src/model/alerts.js';
import type { SuspectSubject } from '../../src/model/suspects.js';
import { within } from '../../src/lib/within.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { recentReleases, type RecentRelease } from '../../src/store/state/recent-releases.js';
import type { Candidate, FailureSignal, OtherService, ServiceSeries, SuspectFacts } from './facts.js';
import { onsetOfFacts } from './judge.js';
import type { ServiceGraph, SuspectData } from './ports.js';
import { reachOf } from './reach.js';
import { whoFails } from './surroundings.js';
import { lookAheadMs, lookBackMs } from './timing.js';

export interface GatherDeps {
  readonly state: StateDatabase;
  readonly data: SuspectData;
  readonly graph: ServiceGraph;
}

const minuteMs = 60_000;
/** Minutes that are compared before it began and, of an incident that goes on for days, after. */
const beforeMs = 60 * minuteMs;
const afterMs = 60 * minuteMs;
const maxCandidates = 100;
const maxServices = 50;
/** Of the services that fail at the same time, whoever they are. */
const maxOthers = 200;
/** Whose new errors are looked for: the nearest in time. */
const maxAsked = 4;
/** One question waits no longer than this, ms: a judgement without it is better than none. */
const questionMs = 1200;
/** A deploy is told at its end: a version seen earlier began then, if that is not another run of it. */
const seenBeforeMs = 60 * minuteMs;

/** Reads what suspects are judged by. What cannot be read is left out and named. */
export async function gather(deps: GatherDeps, subject: SuspectSubject): Promise<SuspectFacts> {
  const unread: string[] = [];
  const read = async <T>(what: string, work: Promise<T>, nothing: T): Promise<T> => {
    try {
      return await within(questionMs, work);
    } catch {
      unread.push(what);
      return nothing;
    }
  };
  const { at, now, environment } = subject;
  const toMs = Math.min(now, at + afterMs);
  const calls = await read('who calls whom', deps.graph.calls({ fromMs: at - 15 * minuteMs, toMs }), []);
  const own = calls.filter(
    (call) => environment === '' || call.environment === environment || call.environment === '',
  );
  const failing = failingOf(subject);
  const reach = reachOf(failing, own);
  const releases = await recentReleases(deps.state, {
    services: [...reach.keys()],
    environment,
    from: at - lookBackMs,
    to: Math.min(now, at + lookAheadMs),
    limit: maxCandidates,
  });
  const candidates = releases.map(candidateOf);
  const facts = {
    ...{ now, at, environment, failing, calls: own, candidates, unread },
    signal: signalOf(subject.alerts),
    operation: operationOf(subject.alerts, failing[0]),
  };
  return { ...facts, ...(await telemetry(deps, { ...facts, toMs, read })) };
}

type Known = Omit<SuspectFacts, 'series' | 'others' | 'changes'>;
type Read = <T>(what: string, work: Promise<T>, nothing: T) => Promise<T>;

async function telemetry(
  { data, state }: GatherDeps,
  known: Known & { readonly toMs: number; readonly read: Read },
): Promise<Pick<SuspectFacts, 'series' | 'others' | 'changes' | 'candidates'>> {
  const { at, environment, failing, candidates, signal, operation, toMs, read } = known;
  const begin = Math.floor(at / minuteMs) * minuteMs;
  const range = { fromMs: begin - beforeMs, toMs };
  const services = [...new Set([...failing, ...candidates.map(({ service }) => service)])].slice(
    0,
    maxServices,
  );
  const [rows, others, modified] = await Promise.all([
    read(
      'requests by version',
      data.minutes({ ...range, services, environment, signal, operation, usualToMs: begin - 10 * minuteMs }),
      [],
    ),
    read(
      'other services',
      data.others({
        environment,
        beforeFromMs: range.fromMs,
        beforeToMs: begin - 10 * minuteMs,
        fromMs: begin - minuteMs,
        toMs,
      }),
      [],
    ),
    read('changes of configuration', data.modified({ fromMs: at - beforeMs, toMs }), []),
  ]);
  const series = seriesOf(services, rows);
  const onset = onsetOfFacts({ failing, series, at });
  const [beside, named] = await Promise.all([
    withReleases(state, known, others),
    withVersions(data, known, onset.at),
  ]);
  return {
    series,
    others: beside,
    changes: modified
      .filter(
        (change) => environment === '' || change.environment === '' || change.environment === environment,
      )
      .map(({ service, at: changedAt, actor, attributes }) => ({
        ...{ service, at: changedAt, actor },
        what:
          attributes['name'] ??
          attributes['flag'] ??
          (service === '' ? 'The environment' : `Configuration of ${service}`),
      })),
    candidates: named,
  };
}

/** What is new with the nearest of them, and what people gave each of them. */
async function withVersions(
  data: SuspectData,
  known: Known & { readonly toMs: number; readonly read: Read },
  onsetAt: number,
): Promise<readonly Candidate[]> {
  const { candidates, toMs, environment, read } = known;
  if (candidates.length === 0) return candidates;
  const services = [...new Set(candidates.map(({ service }) => service))];
  const nearest = [...candidates]
    .filter(({ from, version }) => version !== '' && from <= onsetAt + minuteMs)
    .sort((a, b) => b.from - a.from)
    .slice(0, maxAsked);
  const [ratings, ...news] = await Promise.all([
    read('feedback', data.ratings({ services, fromMs: onsetAt, toMs }), []),
    ...nearest.map(async (candidate) =>
      read(
        `what is new in ${candidate.service} ${candidate.version}`,
        data.firstSeen({
          ...{ service: candidate.service, environment, version: candidate.version },
          after: { fromMs: Math.floor(candidate.from / minuteMs) * minuteMs, toMs },
          knownFromMs: candidate.from - lookBackMs,
          limit: 10,
        }),
        [],
      ),
    ),
  ]);
  return candidates.map((candidate) => {
    const index = nearest.indexOf(candidate);
    const rated = ratings.find(
      ({ service, version }) => service === candidate.service && version === candidate.version,
    );
    return {
      ...candidate,
      // A new line of information is the release at work, no failure.
      firstSeen: index === -1 ? undefined : news[index]?.filter(({ severityNumber }) => severityNumber >= 13),
      ratings: rated && { rated: rated.rated, bad: rated.bad },
    };
  });
}

function failingOf({ services, alerts }: SuspectSubject): string[] {
  const named = alerts.flatMap(({ labels }) => labels['service'] ?? []);
  return [...new Set([...services, ...named])].filter((name) => name !== '').slice(0, maxServices);
}

function candidateOf(release: RecentRelease): Candidate {
  const { releaseId, service, environment, version, previousVersion, status, actor, at, seenAt } = release;
  const isEarlier = seenAt !== null && seenAt < release.from && seenAt >= release.from - seenBeforeMs;
  return {
    ...{ releaseId, service, environment, version, previousVersion, status, actor, at },
    kind: release.type === 'service.rolledback' ? 'rolledback' : release.type === '' ? 'seen' : 'deployed',
    from: isEarlier ? seenAt : release.from,
  };
}

/** By what the alerts were raised: the facts of a rule's kind name its numbers. */
function signalOf(alerts: readonly Alert[]): FailureSignal {
  if (alerts.some(({ facts }) => 'errors' in facts)) return 'errors';
  if (alerts.some(({ facts }) => 'quantileMs' in facts)) return 'latency';
  return alerts.some(({ facts }) => 'records' in facts) ? 'logs' : 'errors';
}

/** When all alerts of the service it comes from are of one operation, only that is looked at. */
function operationOf(alerts: readonly Alert[], service: string | undefined): string {
  const names = new Set(
    alerts
      .filter(({ labels }) => labels['service'] === service)
      .map(({ labels }) => labels['operation'] ?? ''),
  );
  const [only = ''] = names;
  return names.size === 1 ? only : '';
}

function seriesOf(
  services: readonly string[],
  rows: Awaited<ReturnType<SuspectData['minutes']>>,
): ServiceSeries[] {
  return services.map((service) => ({
    service,
    minutes: rows
      .filter((row) => row.service === service)
      .map(({ minute, version, total, failed }) => ({ minute, version, total, failed })),
  }));
}

/** Which of the others that fail too had a release of their own. */
async function withReleases(
  state: StateDatabase,
  { at, environment, failing }: Known,
  rows: Awaited<ReturnType<SuspectData['others']>>,
): Promise<OtherService[]> {
  const others = rows.map((row) => ({
    service: row.service,
    before: { total: row.totalBefore, failed: row.failedBefore },
    during: { total: row.totalDuring, failed: row.failedDuring },
    isReleased: false,
  }));
  const services = whoFails({ failing, others }).slice(0, maxOthers);
  if (services.length < 2) return others;
  const releases = await recentReleases(state, {
    ...{ services, environment, limit: maxCandidates },
    from: at - beforeMs,
    to: at + minuteMs,
  });
  const released = new Set(releases.map(({ service }) => service));
  return others.map((other) => ({ ...other, isReleased: released.has(other.service) }));
}
