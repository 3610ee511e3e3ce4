import { Counter, Histogram, type Registry } from 'prom-client';

export interface SuspectMetrics {
  failed(): void;
  took(seconds: number): void;
}

export function suspectMetrics(registry: Registry): SuspectMetrics {
  const failed = new Counter({
    name: 'lemni_releases_suspect_failures_total',
    help: 'Judgements of suspects that failed and are made again.',
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'lemni_releases_suspect_duration_seconds',
    help: 'Time that one judgement of suspects took, reads included.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  return { failed: () => failed.inc(), took: (value) => seconds.observe(value) };
}
