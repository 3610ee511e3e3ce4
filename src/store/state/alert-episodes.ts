import type { Labels } from '../../model/alerts.js';
import type { StateDatabase } from './connect.js';

/** When an alert of a rule fired. Times are Unix milliseconds. */
export interface AlertEpisode {
  readonly rule: string;
  readonly labels: Labels;
  readonly activeAt: number;
  readonly resolvedAt: number | null;
  /** How far back the rule looked when it fired: what made it fire may be that much older. 0 when unknown. */
  readonly windowMs: number;
  readonly incidentId: string | null;
}

const maxEpisodes = 5000;

/** Episodes of these rules that fired and were not over by `since`, the newest first. */
export async function alertEpisodes(
  database: StateDatabase,
  rules: readonly string[],
  since: number,
): Promise<AlertEpisode[]> {
  if (rules.length === 0) return [];
  const rows = await database
    .selectFrom('alert_states')
    .select(['rule', 'labels', 'active_at', 'resolved_at', 'facts', 'incident_id'])
    .where((test) => test.or([test('live', '=', 1), test('resolved_at', '>=', since)]))
    .where('fired_at', 'is not', null)
    .where('rule', 'in', [...new Set(rules)].slice(0, 1000))
    .orderBy('active_at', 'desc')
    .limit(maxEpisodes)
    .execute();
  return rows.map((row) => ({
    rule: row.rule,
    labels: JSON.parse(row.labels) as Labels, // Written by alerts.ts.
    activeAt: row.active_at,
    resolvedAt: row.resolved_at,
    windowMs: windowOf(row.facts),
    incidentId: row.incident_id,
  }));
}

function windowOf(facts: string): number {
  const { windowMs } = JSON.parse(facts) as { readonly windowMs?: unknown }; // Written by alerts.ts.
  return typeof windowMs === 'number' && Number.isFinite(windowMs) ? Math.max(0, windowMs) : 0;
}
