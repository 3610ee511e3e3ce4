import { Counter, Histogram, type Registry } from 'prom-client';

export interface VerdictMetrics {
  decided(state: string): void;
  failed(): void;
  took(seconds: number): void;
}

export function verdictMetrics(registry: Registry): VerdictMetrics {
  const decided = new Counter({
    name: 'lemni_releases_verdicts_total',
    help: 'Verdicts that were decided or changed, by state.',
    labelNames: ['state'],
    registers: [registry],
  });
  const failed = new Counter({
    name: 'lemni_releases_verdict_failures_total',
    help: 'Judgements that failed and are made again.',
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'lemni_releases_verdict_duration_seconds',
    help: 'Time that one judgement took, reads included.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  return {
    decided: (state) => decided.inc({ state }),
    failed: () => failed.inc(),
    took: (value) => seconds.observe(value),
  };
}
