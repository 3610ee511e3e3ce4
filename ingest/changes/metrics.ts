import { Counter, type Registry } from 'prom-client';

/** What happened to the changes and webhooks that were told. */
export interface ChangeMetrics {
  accepted(source: string, duplicate: boolean): void;
  /** `reason` is of a closed set: ignored, malformed, unauthenticated, duplicate. */
  webhook(source: string, outcome: WebhookOutcome): void;
}

export type WebhookOutcome =
  'accepted' | 'ping' | 'ignored' | 'duplicate' | 'malformed' | 'unauthenticated' | 'failed';

export function changeMetrics(registry: Registry): ChangeMetrics {
  const changes = new Counter({
    name: 'lemni_changes_accepted_total',
    help: 'Changes that were stored, or recognized as told before.',
    labelNames: ['source', 'duplicate'],
    registers: [registry],
  });
  const webhooks = new Counter({
    name: 'lemni_hooks_deliveries_total',
    help: 'Webhook deliveries by what became of them.',
    labelNames: ['source', 'outcome'],
    registers: [registry],
  });
  return {
    accepted: (source, duplicate) => changes.inc({ source, duplicate: String(duplicate) }),
    webhook: (source, outcome) => webhooks.inc({ source, outcome }),
  };
}
