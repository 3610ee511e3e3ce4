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

/** The specification's short names: `INFO` for 9, `INFO2` for 10, ...; empty for 0 and for what is no severity. */
export function severityName(severityNumber: number): string {
  if (severityNumber < 1 || severityNumber > 24) return '';
  const step = (severityNumber - 1) % 4;
  return `${bandOf(severityNumber).toUpperCase()}${step === 0 ? '' : String(step + 1)}`;
}

/**
 * Numbers for the words that loggers use (appendix B of the data model, and syslog), lower case. For records whose
 * sender gave a text and no number.
 */
export const severityTexts: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Array.from({ length: 24 }, (_, i) => [severityName(i + 1).toLowerCase(), i + 1])),
  verbose: 1,
  silly: 1,
  finest: 1,
  finer: 2,
  fine: 5,
  config: 5,
  information: 9,
  informational: 9,
  success: 9,
  log: 9,
  notice: 10,
  warning: 13,
  err: 17,
  severe: 17,
  critical: 18,
  crit: 18,
  alert: 19,
  panic: 21,
  emergency: 21,
  emerg: 21,
};

/** The band of a SeverityNumber; numbers beyond 24 are fatal. */
export function bandOf(severityNumber: number): SeverityBand['name'] {
  return severityBands.find(({ to }) => severityNumber <= to)?.name ?? 'fatal';
}
