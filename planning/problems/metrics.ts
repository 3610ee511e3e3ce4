import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface ProblemMetrics {
  passed(seconds: number): void;
  passFailed(): void;
  active(count: number): void;
  verified(state: string): void;
}

export function problemMetrics(registry: Registry): ProblemMetrics {
  const registers = [registry];
  const duration = new Histogram({
    name: 'lemni_problems_pass_duration_seconds',
    help: 'How long it took to work out what the active problems cost and whether fixes worked.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers,
  });
  const failed = new Counter({
    name: 'lemni_problems_pass_failures_total',
    help: 'Passes over the problems that ended early; the next one makes up for it.',
    registers,
  });
  const active = new Gauge({
    name: 'lemni_problems_active',
    help: 'Problems that are open, planned, fixed or regressed.',
    registers,
  });
  const verdicts = new Counter({
    name: 'lemni_problems_verifications_total',
    help: 'Fixes that were judged, by what came out.',
    labelNames: ['state'],
    registers,
  });
  return {
    passed: (seconds) => duration.observe(seconds),
    passFailed: () => failed.inc(),
    active: (count) => active.set(count),
    verified: (state) => verdicts.inc({ state }),
  };
}
