import type { Alert, Rule } from '../../../../src/http/contract/incidents.js';

/** What an incident is shown by: failed requests, slow ones, or error lines. */
export type IncidentSignal = 'errors' | 'latency' | 'logs';

const signals: readonly IncidentSignal[] = ['errors', 'latency', 'logs'];

/** By the rules of its alerts, those of the service where it began first; failed requests where none says more. */
export function incidentSignal(
  alerts: readonly Pick<Alert, 'rule' | 'labels'>[],
  rules: readonly Pick<Rule, 'name' | 'kind'>[],
  service: string,
): IncidentSignal {
  const kindOf = new Map(rules.map(({ name, kind }) => [name, kind]));
  const own = alerts.filter(({ labels }) => labels['service'] === service);
  for (const some of [own, alerts]) {
    const kinds = new Set(some.map(({ rule }) => kindOf.get(rule)));
    const found = signals.find((signal) => kinds.has(signal));
    if (found) return found;
  }
  return 'errors';
}
