import type { z } from 'zod';
import type { TracesQuery } from '../../http/contract/telemetry.js';
import { BadInput } from '../../lib/errors.js';
import { parseQuantity } from '../search/quantity.js';
import { searchOf, whereOf, type Search } from '../search/search.js';
import { spans } from '../search/target.js';
import type { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';

/** Which spans are asked for; everything that is given must hold for one and the same span. */
export interface SpanFilter {
  readonly search: Search;
  readonly range: Range;
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  readonly environment?: string | undefined;
  readonly status?: 'error' | 'ok' | undefined;
  readonly minDurationNs?: number | undefined;
  readonly maxDurationNs?: number | undefined;
}

export function filterOf(asked: z.output<typeof TracesQuery>, range: Range): SpanFilter {
  return {
    search: searchOf(asked.query),
    range,
    service: given(asked.service),
    operation: given(asked.operation),
    environment: given(asked.environment),
    status: asked.status,
    minDurationNs: parseDurationNs(asked.minDuration, 'minDuration'),
    maxDurationNs: parseDurationNs(asked.maxDuration, 'maxDuration'),
  };
}

/** An empty parameter, as forms send it, asks for anything. */
export function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** Nanoseconds of `250ms`, `1.5s`; a bare number counts milliseconds. */
export function parseDurationNs(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const quantity = parseQuantity(text.trim());
  if (!quantity || quantity.unit === 'bytes' || quantity.value < 0) {
    throw new BadInput('bad_request', `"${name}" is not a duration: write 250ms or 1.5s.`, { at: name });
  }
  return quantity.unit === 'none' ? quantity.value * 1e6 : quantity.value;
}

/** The conditions over `otel_traces`. */
export function spanConditions(filter: SpanFilter, params: SqlParams): string {
  const conditions = [params.within(filter.range), ...dimensionConditions(filter, params)];
  if (filter.status === 'error') conditions.push("StatusCode = 'Error'");
  if (filter.status === 'ok') conditions.push("StatusCode != 'Error'");
  if (filter.minDurationNs !== undefined)
    conditions.push(`Duration >= ${params.float(filter.minDurationNs)}`);
  if (filter.maxDurationNs !== undefined)
    conditions.push(`Duration <= ${params.float(filter.maxDurationNs)}`);
  if (filter.search.query.type !== 'all') conditions.push(`(${whereOf(filter.search, spans, params)})`);
  return conditions.join(' AND ');
}

/** The conditions that the rollup per minute knows too. */
export function dimensionConditions(
  filter: Pick<SpanFilter, 'service' | 'operation' | 'environment'>,
  params: SqlParams,
): string[] {
  const { service, operation, environment } = filter;
  return [
    ...(service === undefined ? [] : [`ServiceName = ${params.string(service)}`]),
    ...(operation === undefined ? [] : [`SpanName = ${params.string(operation)}`]),
    ...(environment === undefined ? [] : [`Environment = ${params.string(environment)}`]),
  ];
}
