import type { ServiceRow } from '../../../../src/http/contract/telemetry.js';

export const serviceColumns = ['service', 'version', 'requests', 'errors', 'p95'] as const;
export type ServiceColumn = (typeof serviceColumns)[number];
export interface ServiceOrder {
  /** `trouble`: those with incidents, then those that fail most, then the busiest. */
  readonly by: ServiceColumn | 'trouble';
  readonly descending: boolean;
}

/** From 0 to 1; null without requests. */
export function errorRatio(row: Pick<ServiceRow, 'requests' | 'errors'>): number | null {
  return row.requests > 0 ? row.errors / row.requests : null;
}

const numbers: Readonly<
  Record<Exclude<ServiceColumn, 'service' | 'version'>, (row: ServiceRow) => number | null>
> = {
  requests: (row) => row.requests,
  errors: errorRatio,
  p95: (row) => row.p95,
};

function byName(a: ServiceRow, b: ServiceRow): number {
  return a.service.localeCompare(b.service) || a.environment.localeCompare(b.environment);
}

function byTrouble(a: ServiceRow, b: ServiceRow): number {
  return (
    b.openIncidents - a.openIncidents ||
    (errorRatio(b) ?? 0) - (errorRatio(a) ?? 0) ||
    b.requests - a.requests ||
    byName(a, b)
  );
}

/** A new array; what has no value comes last in both directions. */
export function orderServices(rows: readonly ServiceRow[], { by, descending }: ServiceOrder): ServiceRow[] {
  const sign = descending ? -1 : 1;
  if (by === 'trouble') return [...rows].sort(byTrouble);
  if (by === 'service') return [...rows].sort((a, b) => sign * byName(a, b));
  if (by === 'version') return [...rows].sort((a, b) => sign * (sinceOf(a) - sinceOf(b)) || byName(a, b));
  const valueOf = numbers[by];
  return [...rows].sort((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || byName(a, b);
    return sign * (left - right) || byName(a, b);
  });
}

function sinceOf(row: ServiceRow): number {
  return row.versionSince === null ? 0 : Date.parse(row.versionSince);
}
