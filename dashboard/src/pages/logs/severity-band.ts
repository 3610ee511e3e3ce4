import type { LogRecord, severities } from '../../../../src/http/contract/telemetry.js';

export type SeverityBand = (typeof severities)[number];

export const severityWords: Readonly<Record<SeverityBand, string>> = {
  fatal: 'fatal',
  error: 'error',
  warn: 'warning',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
  unset: 'no level',
};

const byText: Readonly<Record<string, SeverityBand>> = {
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  emerg: 'fatal',
  alert: 'fatal',
  panic: 'fatal',
  error: 'error',
  err: 'error',
  severe: 'error',
  warn: 'warn',
  warning: 'warn',
  info: 'info',
  information: 'info',
  notice: 'info',
  debug: 'debug',
  trace: 'trace',
  verbose: 'trace',
};

/** OpenTelemetry's severity numbers in their bands; the sender's own word where there is no number. */
export function bandOf({
  severityNumber,
  severityText,
}: Pick<LogRecord, 'severityNumber' | 'severityText'>): SeverityBand {
  if (severityNumber >= 21) return 'fatal';
  if (severityNumber >= 17) return 'error';
  if (severityNumber >= 13) return 'warn';
  if (severityNumber >= 9) return 'info';
  if (severityNumber >= 5) return 'debug';
  if (severityNumber >= 1) return 'trace';
  return byText[severityText.toLowerCase()] ?? 'unset';
}

/** As charts stack them. */
export const severityOrder: readonly SeverityBand[] = [
  'fatal',
  'error',
  'warn',
  'info',
  'debug',
  'trace',
  'unset',
];
