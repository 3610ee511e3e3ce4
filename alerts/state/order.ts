import { graver, severityOf, type Alert } from '../../src/model/alerts.js';

const order = { firing: 0, pending: 1, resolved: 2 } as const;

/** Firing before pending before resolved, the gravest first, then the newest. */
export function graverFirst(one: Alert, other: Alert): number {
  if (one.state !== other.state) return order[one.state] - order[other.state];
  const mine = severityOf(one.labels);
  const others = severityOf(other.labels);
  if (mine !== others) return graver(mine, others) ? -1 : 1;
  return other.activeAt - one.activeAt;
}
