/** The specification's short names, by severity number 1 to 24. */
const names = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** `INFO` for 9, `INFO2` for 10, ...; empty for 0 and for what is no severity. */
export function severityName(severity: number): string {
  if (severity < 1 || severity > 24) return '';
  const step = (severity - 1) % 4;
  return `${names[Math.floor((severity - 1) / 4)] ?? ''}${step === 0 ? '' : String(step + 1)}`;
}

/** Severity numbers of the words that loggers use (specification, "Mapping of SeverityNumber", and syslog). */
const numbers = new Map<string, number>([
  ['verbose', 1],
  ['silly', 1],
  ['information', 9],
  ['informational', 9],
  ['notice', 10],
  ['success', 9],
  ['log', 9],
  ['warning', 13],
  ['err', 17],
  ['severe', 17],
  ['critical', 18],
  ['crit', 18],
  ['alert', 19],
  ['panic', 21],
  ['emergency', 21],
  ['emerg', 21],
]);
for (let severity = 1; severity <= 24; severity++)
  numbers.set(severityName(severity).toLowerCase(), severity);

/** The number of a word, 0 when it says nothing. */
export function severityNumber(text: string): number {
  return text.length > 20 ? 0 : (numbers.get(text.trim().toLowerCase()) ?? 0);
}
