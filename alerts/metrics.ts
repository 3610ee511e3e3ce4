import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Outcome } from './notify/notifier.js';

export interface AlertMetrics {
  evaluation(seconds: number): void;
  /** Evaluations that were due while another still ran or the machine slept. */
  missed(count: number): void;
  ruleFailures(kind: string, count: number): void;
  tickFailed(): void;
  alerts(counts: { readonly pending: number; readonly firing: number }): void;
  rules(count: number, fileErrors: number): void;
  notification(result: 'sent' | 'retry' | 'failed', outcome: Outcome): void;
}

export function createAlertMetrics(registry: Registry): AlertMetrics {
  const registers = [registry];
  const duration = new Histogram({
    name: 'lemni_alerts_evaluation_duration_seconds',
    help: 'How long an evaluation of all rules that were due took.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers,
  });
  const missed = new Counter({
    name: 'lemni_alerts_evaluations_missed_total',
    help: 'Evaluations that were left out because an earlier one still ran.',
    registers,
  });
  const failures = new Counter({
    name: 'lemni_alerts_rule_failures_total',
    help: 'Rules that could not be evaluated, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const ticks = new Counter({
    name: 'lemni_alerts_evaluation_failures_total',
    help: 'Evaluations whose result could not be kept.',
    registers,
  });
  const alerts = new Gauge({
    name: 'lemni_alerts_active',
    help: 'Alerts by state.',
    labelNames: ['state'],
    registers,
  });
  const rules = new Gauge({ name: 'lemni_alerts_rules', help: 'Rules that are evaluated.', registers });
  const fileErrors = new Gauge({
    name: 'lemni_alerts_rule_file_errors',
    help: 'Mistakes in rule files as last read; while there are any, a reload changes nothing.',
    registers,
  });
  const notifications = new Counter({
    name: 'lemni_alerts_notifications_total',
    help: 'Attempts to send a message, by what came of them and why they failed.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  return {
    evaluation: (seconds) => duration.observe(seconds),
    missed: (count) => missed.inc(count),
    ruleFailures: (kind, count) => failures.inc({ kind }, count),
    tickFailed: () => ticks.inc(),
    alerts({ pending, firing }) {
      alerts.set({ state: 'pending' }, pending);
      alerts.set({ state: 'firing' }, firing);
    },
    rules(count, errors) {
      rules.set(count);
      fileErrors.set(errors);
    },
    notification(result, outcome) {
      notifications.inc({ outcome: result, reason: outcome.ok ? '' : outcome.reason });
    },
  };
}
