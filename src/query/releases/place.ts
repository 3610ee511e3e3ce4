import type { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';

/** A service in an environment; an empty environment, told by a deploy that names none, matches any. */
export interface QueryPlace {
  readonly service: string;
  readonly environment: string;
}

/** The first columns of the rollups' primary key. */
export function placeIs({ service, environment }: QueryPlace, params: SqlParams): string {
  const named = `ServiceName = ${params.string(service)}`;
  return environment === '' ? named : `${named} AND Environment = ${params.string(environment)}`;
}

/** Whole minutes in the rollups of a place. */
export function minutesOf(place: QueryPlace, range: Range, params: SqlParams): string {
  return `${placeIs(place, params)} AND ${params.minutesWithin('Minute', range)}`;
}

export const minuteAsMs = 'toInt64(toUnixTimestamp(Minute)) * 1000';
