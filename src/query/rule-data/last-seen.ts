import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';

export type SeenSignal = 'logs' | 'traces' | 'metrics';

export interface LastSeenQuestion {
  readonly at: number;
  readonly lookbackMs: number;
  readonly signals: readonly SeenSignal[];
}

export interface LastSeenRow {
  readonly service: string;
  readonly environment: string;
  readonly signal: SeenSignal;
  readonly lastAt: number;
  readonly minutes: number;
  readonly longestPauseMs: number;
}

interface Row {
  readonly service: string;
  readonly environment: string;
  readonly signal: SeenSignal;
  /** Unix seconds: the beginning of the last minute with a signal. */
  readonly last: number;
  readonly minutes: number;
  /** Seconds; 0 for metrics, whose pauses are not known. */
  readonly pause: number;
}

const minuteMs = 60_000;
/** A day of minutes is read this often; between, only what came since. */
const historyForMs = 5 * minuteMs;
/** Before this far back metrics are known by their series alone, which are marked every hour. */
const samplesMs = 60 * minuteMs;
const longestPause =
  'arrayMax(arrayPushFront(arrayDifference(arraySort(groupUniqArray(toUnixTimestamp(Minute)))), toInt64(0)))';
/** How much earlier than the last look the next one begins: what arrived late. */
const overlapMs = 5 * minuteMs;
/** Different lookbacks whose history is kept. */
const maxHistories = 20;

interface History {
  readonly at: number;
  readonly rows: ReadonlyMap<string, Row>;
}

export type LastSeen = (question: LastSeenQuestion) => Promise<LastSeenRow[]>;

/**
 * When each service was last heard of, to the minute, and its longest pause: from the minutes' rollups for logs
 * and requests, from the samples for metrics. The whole lookback is read every five minutes, else only its end.
 */
export function createLastSeen(reader: TelemetryReader): LastSeen {
  const histories = new Map<string, History>();

  async function history(question: LastSeenQuestion): Promise<History> {
    const { at, lookbackMs, signals } = question;
    const key = JSON.stringify([lookbackMs, [...signals].sort()]);
    const known = histories.get(key);
    if (known && at >= known.at && at - known.at < historyForMs) return known;
    const rows = await read(reader, { fromMs: at - lookbackMs, toMs: at, signals });
    const found = { at, rows: byKey(rows) };
    histories.delete(key);
    histories.set(key, found);
    const [oldest] = histories.keys();
    if (histories.size > maxHistories && oldest !== undefined) histories.delete(oldest);
    return found;
  }

  return async (question) => {
    const { at, lookbackMs, signals } = question;
    const before = await history(question);
    const rows = new Map(before.rows);
    if (before.at < at) {
      const fromMs = Math.max(at - lookbackMs, before.at - overlapMs);
      for (const [key, row] of byKey(await read(reader, { fromMs, toMs: at, signals }))) {
        const known = rows.get(key);
        rows.set(key, known ? later(known, row) : row);
      }
    }
    return [...rows.values()].map(({ last, pause, ...row }) => ({
      ...row,
      lastAt: Math.min(at, (last + 60) * 1000),
      longestPauseMs: pause * 1000,
    }));
  };
}

function byKey(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [JSON.stringify([row.service, row.environment, row.signal]), row]));
}

/** A little less than true until the whole lookback is read again. */
function later(known: Row, row: Row): Row {
  return {
    ...row,
    last: Math.max(known.last, row.last),
    pause: Math.max(known.pause, row.pause),
    minutes: Math.max(known.minutes, row.minutes),
  };
}

async function read(
  reader: TelemetryReader,
  { fromMs, toMs, signals }: { fromMs: number; toMs: number; signals: readonly SeenSignal[] },
): Promise<Row[]> {
  const params = new SqlParams();
  // The minute that `at` stands in counts.
  const range = { fromMs, toMs: Math.floor(toMs / minuteMs) * minuteMs + minuteMs };
  const seconds = (ms: number): string => `toDateTime(${params.int(Math.ceil(ms / 1000))})`;
  const samples = (table: string): string => `SELECT SeriesId AS id, toStartOfMinute(toDateTime(At)) AS Minute
  FROM ${table} WHERE At >= ${seconds(Math.max(range.fromMs, toMs - samplesMs))} AND At < ${seconds(range.toMs)} GROUP BY id, Minute`;
  const minutes: Readonly<Record<SeenSignal, () => string>> = {
    traces: () =>
      `SELECT ServiceName, Environment, Minute FROM service_minutes WHERE ${params.minutesWithin('Minute', range)}`,
    logs: () =>
      `SELECT ServiceName, Environment, Minute FROM log_minutes WHERE ${params.minutesWithin('Minute', range)}`,
    // Samples of a day are many: those of the last hour, and for the time before it the hourly mark of each series.
    metrics: () => `SELECT s.ServiceName AS ServiceName, s.Environment AS Environment, m.Minute AS Minute
FROM (${samples('metric_samples')} UNION ALL ${samples('metric_exponential_histograms')}) AS m
INNER JOIN (SELECT Id, any(metric_series.ServiceName) AS ServiceName, any(metric_series.Environment) AS Environment FROM metric_series GROUP BY Id) AS s ON m.id = s.Id
UNION ALL
SELECT ServiceName, Environment, toStartOfMinute(toDateTime(SeenAt)) AS Minute
FROM metric_series WHERE SeenAt >= ${seconds(range.fromMs)} AND SeenAt < ${seconds(range.toMs)}`,
  };
  const parts = signals.map(
    (signal) => `SELECT ServiceName AS service, Environment AS environment, '${signal}' AS signal,
  toUnixTimestamp(max(Minute)) AS last, uniqExact(Minute) AS minutes,
  ${signal === 'metrics' ? 'toInt64(0)' : longestPause} AS pause
FROM (${minutes[signal]()})
WHERE ServiceName != '' GROUP BY service, environment`,
  );
  return reader.rows<Row>(parts.join('\nUNION ALL\n'), params.values);
}
