import { severityColors } from '../../charts/colors.js';

/** Bars of severities carry their colours; all others are quiet. */
export function bandColor(field: string, value: string): string {
  const quiet = 'var(--line-strong)';
  return field === 'level' || field === 'severity' ? (severityColors[value.toLowerCase()] ?? quiet) : quiet;
}
