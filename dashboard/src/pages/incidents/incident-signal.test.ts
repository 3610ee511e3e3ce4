import { expect, it } from 'vitest';
import { incidentSignal } from './incident-signal.js';

const rules = [
  { name: 'High', kind: 'errors' },
  { name: 'Slow', kind: 'latency' },
  { name: 'Lines', kind: 'logs' },
  { name: 'Gone', kind: 'absent' },
];
const alert = (rule: string, service: string) => ({ rule, labels: { service } });

it.each([
  ['its only alert', [alert('Slow', 'pay')], 'latency'],
  ['failed requests before all', [alert('Lines', 'pay'), alert('High', 'pay')], 'errors'],
  ['where it began', [alert('High', 'web'), alert('Lines', 'pay')], 'logs'],
  ['who else fails, when its own say nothing', [alert('Gone', 'pay'), alert('Slow', 'web')], 'latency'],
  ['failed requests when nobody says more', [alert('Gone', 'pay'), alert('Deleted', 'pay')], 'errors'],
] as const)('is shown by %s', (_name, alerts, signal) => {
  expect(incidentSignal(alerts, rules, 'pay')).toBe(signal);
});
