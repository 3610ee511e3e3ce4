import type { SeverityBand } from '../logs/severity-band.js';

/** OpenTelemetry's severity numbers in bands of four: 17 to 20 is error. */
export function severityBand(severityNumber: number): SeverityBand {
  const bands: readonly SeverityBand[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return bands[Math.floor((severityNumber - 1) / 4)] ?? 'unset';
}
