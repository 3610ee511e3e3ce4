import { Counter, Gauge, type Registry } from 'prom-client';
import type { TrackerReason } from './tracker.js';

export interface TrackerMetrics {
  attempt(
    tracker: string,
    work: string,
    outcome: 'done' | 'retry' | 'failed',
    reason: TrackerReason | '',
  ): void;
  pausedUntil(tracker: string, at: number): void;
}

export function trackerMetrics(registry: Registry): TrackerMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: 'lemni_trackers_attempts_total',
    help: 'Attempts to open a ticket or to keep one in step, by what came of them and why they failed.',
    labelNames: ['tracker', 'work', 'outcome', 'reason'],
    registers,
  });
  const paused = new Gauge({
    name: 'lemni_trackers_paused_until_seconds',
    help: 'Unix time until which a tracker asked to be left alone; in the past when it does not.',
    labelNames: ['tracker'],
    registers,
  });
  return {
    attempt: (tracker, work, outcome, reason) => attempts.inc({ tracker, work, outcome, reason }),
    pausedUntil: (tracker, at) => paused.set({ tracker }, at / 1000),
  };
}
