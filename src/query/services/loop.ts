import type { Loop } from '../../http/contract/telemetry.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import type { OpenIncident, OpenIncidents, OpenProblems } from '../ports.js';
import { SqlParams } from '../sql.js';

type LoopStation = Loop['stations'][number];

export interface LoopDeps {
  readonly reader: TelemetryReader;
  readonly incidents: OpenIncidents;
  readonly problems: OpenProblems;
}

const dayMs = 86_400_000;
/** What "now" means for the stations that count by the minute: whole minutes that the rollups have. */
const recentMinutes = 5;
/** A share of failed requests above which the service is not well. */
const failing = 0.05;

/** One live number a station. A station that never heard of anything is not connected. */
export async function loop({ reader, incidents, problems }: LoopDeps, now: number): Promise<Loop> {
  const [changes, feedback, traffic, open, plan] = await Promise.all([
    readChanges(reader, now),
    readFeedback(reader, now),
    readTraffic(reader, now),
    incidents.open(),
    problems.counts(),
  ]);
  const telemetry = traffic.ever > 0;
  return {
    stations: [
      station('plan', plan.ever === 0 ? null : plan.active, 'problems to fix', planning(plan)),
      changeStation('code', 'merged changes in 24 h', changes, ['change.merged']),
      changeStation('build', 'pipeline runs in 24 h', changes, ['pipelinerun.finished']),
      changeStation('test', 'test runs in 24 h', changes, ['testsuiterun.finished']),
      changeStation('release', 'published artifacts in 24 h', changes, ['artifact.published']),
      changeStation('deploy', 'deploys in 24 h', changes, [
        'service.deployed',
        'service.upgraded',
        'service.rolledback',
      ]),
      station(
        'operate',
        telemetry ? round(traffic.requests / recentMinutes) : null,
        'requests a minute',
        operating(traffic, open),
      ),
      station(
        'monitor',
        telemetry ? round(traffic.signals / recentMinutes) : null,
        'signals a minute',
        watching(traffic),
      ),
      station(
        'feedback',
        feedback.ever === 0 ? null : feedback.recent,
        'feedback in 24 h',
        hearing(feedback),
      ),
    ],
  };
}

function station(
  name: LoopStation['station'],
  value: number | null,
  unit: string,
  state: LoopStation['state'],
): LoopStation {
  return { station: name, value, unit, state: value === null ? 'unconnected' : state };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

interface ChangeCount {
  readonly type: string;
  readonly ever: number;
  readonly recent: number;
  readonly failed: number;
}

function changeStation(
  name: LoopStation['station'],
  unit: string,
  counts: readonly ChangeCount[],
  types: readonly string[],
): LoopStation {
  const mine = counts.filter(({ type }) => types.includes(type));
  const sum = (of: (count: ChangeCount) => number): number =>
    mine.reduce((total, count) => total + of(count), 0);
  const recent = sum((count) => count.recent);
  // A rollback is a deploy that did not go well.
  const failed = sum((count) => (count.type === 'service.rolledback' ? count.recent : count.failed));
  const state = recent === 0 ? 'information' : failed === 0 ? 'healthy' : 'warning';
  return station(name, sum((count) => count.ever) === 0 ? null : recent, unit, state);
}

async function readChanges(reader: TelemetryReader, now: number): Promise<ChangeCount[]> {
  const params = new SqlParams();
  const since = `fromUnixTimestamp64Milli(${params.int(now - dayMs)})`;
  return reader.rows<ChangeCount>(
    `SELECT Type AS type, count() AS ever, countIf(At >= ${since}) AS recent,
  countIf(At >= ${since} AND Status = 'failed') AS failed FROM changes FINAL GROUP BY Type`,
    params.values,
  );
}

interface FeedbackCount {
  readonly ever: number;
  readonly recent: number;
  /** Mean of those with a rating, 1 to 5; 0 without any. */
  readonly rating: number;
}

async function readFeedback(reader: TelemetryReader, now: number): Promise<FeedbackCount> {
  const params = new SqlParams();
  const since = `fromUnixTimestamp64Milli(${params.int(now - dayMs)})`;
  const [row] = await reader.rows<FeedbackCount>(
    `SELECT count() AS ever, countIf(At >= ${since}) AS recent,
  ifNotFinite(avgIf(Rating, At >= ${since} AND Rating > 0), 0) AS rating FROM feedback FINAL`,
    params.values,
  );
  return row ?? { ever: 0, recent: 0, rating: 0 };
}

function hearing({ recent, rating }: FeedbackCount): LoopStation['state'] {
  if (recent === 0 || rating === 0) return 'information';
  return rating < 3 ? 'warning' : 'healthy';
}

interface Traffic {
  readonly requests: number;
  readonly errors: number;
  readonly signals: number;
  /** 0: there never was a request or a log. */
  readonly ever: number;
}

/** The last whole minutes; the one that runs is still filling. */
async function readTraffic(reader: TelemetryReader, now: number): Promise<Traffic> {
  const params = new SqlParams();
  const toMs = Math.floor(now / 60_000) * 60_000;
  const within = params.minutesWithin('Minute', { fromMs: toMs - recentMinutes * 60_000, toMs });
  const [row] = await reader.rows<Traffic>(
    `SELECT sum(requests) AS requests, sum(errors) AS errors, sum(n) AS signals,
  (SELECT count() FROM (SELECT 1 FROM service_minutes LIMIT 1)) + (SELECT count() FROM (SELECT 1 FROM log_minutes LIMIT 1)) AS ever
FROM (
  SELECT sum(Requests) AS requests, sum(Errors) AS errors, sum(Requests) AS n FROM service_minutes WHERE ${within}
  UNION ALL
  SELECT 0, 0, sum(Count) FROM log_minutes WHERE ${within}
)`,
    params.values,
  );
  return row ?? { requests: 0, errors: 0, signals: 0, ever: 0 };
}

/** A fix that did not work is worse than one that is still to come. */
function planning({ active, regressed }: { active: number; regressed: number }): LoopStation['state'] {
  if (regressed > 0) return 'warning';
  return active > 0 ? 'information' : 'healthy';
}

function operating({ requests, errors }: Traffic, open: readonly OpenIncident[]): LoopStation['state'] {
  if (open.some(({ severity }) => severity === 'critical')) return 'critical';
  if (open.length > 0 || (requests > 0 && errors / requests > failing)) return 'warning';
  return requests > 0 ? 'healthy' : 'information';
}

function watching({ signals }: Traffic): LoopStation['state'] {
  return signals > 0 ? 'healthy' : 'warning';
}
