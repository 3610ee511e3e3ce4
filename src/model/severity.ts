/** Severity bands of OpenTelemetry's log data model: SeverityNumber 1 to 24, 0 when unset. */
export const severityBands = [
  { name: 'unset', from: 0, to: 0 },
  { name: 'trace', from: 1, to: 4 },
  { name: 'debug', from: 5, to: 8 },
  { name: 'info', from: 9, to: 12 },
  { name: 'warn', from: 13, to: 16 },
  { name: 'error', from: 17, to: 20 },
  { name: 'fatal', from: 21, to: 24 },
] as const;
export type SeverityBand = (typeof severityBands)[number];

/**
 * Numbers for texts, by the data model's appendix B (syslog, log4j, zap and others), lower case. For records
 * whose sender gave a text and no number.
 */
export const severityTexts: Readonly<Record<string, number>> = {
  trace: 1,
  finest: 1,
  verbose: 1,
  finer: 2,
  debug: 5,
  fine: 5,
  config: 5,
  info: 9,
  information: 9,
  informational: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  err: 17,
  severe: 17,
  critical: 18,
  crit: 18,
  alert: 19,
  fatal: 21,
  emergency: 21,
  emerg: 21,
  panic: 21,
};

/** The band of a SeverityNumber; numbers beyond 24 are fatal. */
export function bandOf(severityNumber: number): SeverityBand['name'] {
  return severityBands.find(({ to }) => severityNumber <= to)?.name ?? 'fatal';
}
