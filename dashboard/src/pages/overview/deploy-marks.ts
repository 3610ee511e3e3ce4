import type { Change } from '../../../../src/http/contract/changes.js';

export interface Mark {
  /** Where in the range, 0 (start) to 1 (end). */
  readonly at: number;
  readonly label: string;
}

interface Range {
  readonly from: string;
  readonly to: string;
}

const deploys = new Set(['service.deployed', 'service.upgraded', 'service.rolledback']);

/** Key of a service in an environment. */
export function serviceKey(service: string, environment: string): string {
  return JSON.stringify([service, environment]);
}

/** The deploys of each service as marks for its sparklines. Failed ones changed nothing and are left out. */
export function deployMarks(changes: readonly Change[], { from, to }: Range): Map<string, Mark[]> {
  const start = Date.parse(from);
  const length = Date.parse(to) - start;
  const marks = new Map<string, Mark[]>();
  if (!(length > 0)) return marks;
  for (const change of changes) {
    if (!deploys.has(change.type) || change.status === 'failed' || change.status === 'canceled') continue;
    const at = (Date.parse(change.at) - start) / length;
    if (!(at >= 0 && at <= 1)) continue;
    const key = serviceKey(change.service, change.environment);
    const own = marks.get(key) ?? [];
    own.push({ at, label: change.version });
    marks.set(key, own);
  }
  return marks;
}
