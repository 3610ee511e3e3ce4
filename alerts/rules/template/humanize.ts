/** Prometheus' number formats for templates (prometheus/template/template.go, 3.14). */

/** Go's `%.4g`. */
function fourDigits(value: number): string {
  if (!Number.isFinite(value)) return special(value);
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(3).split('e')[1]);
  if (exponent >= -4 && exponent < 4) return String(Number(value.toPrecision(4)));
  const [digits = '', power = '0'] = value.toExponential(3).split('e');
  const sign = power.startsWith('-') ? '-' : '+';
  return `${String(Number(digits))}e${sign}${power.replace(/^[+-]/, '').padStart(2, '0')}`;
}

function special(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** SI prefixes: 1234567 is `1.235M`, 0.0012 is `1.2m`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fourDigits(value);
  if (Math.abs(value) >= 1) {
    let rest = value;
    let prefix = '';
    for (const next of ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']) {
      if (Math.abs(rest) < 1000) break;
      prefix = next;
      rest /= 1000;
    }
    return fourDigits(rest) + prefix;
  }
  let rest = value;
  let prefix = '';
  for (const next of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
    if (Math.abs(rest) >= 1) break;
    prefix = next;
    rest *= 1000;
  }
  return fourDigits(rest) + prefix;
}

/** 0.0721 is `7.21%`. */
export function humanizePercentage(value: number): string {
  return Number.isFinite(value) ? `${fourDigits(value * 100)}%` : special(value);
}

/** Seconds: 3661 is `1h 1m 1s`, 0.25 is `250ms`. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return special(seconds);
  if (seconds === 0) return '0s';
  if (Math.abs(seconds) < 1) return `${humanize(seconds)}s`;
  const sign = seconds < 0 ? '-' : '';
  const total = Math.trunc(Math.abs(seconds));
  const s = total % 60;
  const m = Math.trunc(total / 60) % 60;
  const h = Math.trunc(total / 3600) % 24;
  const d = Math.trunc(total / 86_400);
  if (d !== 0) return `${sign}${d}d ${h}h ${m}m ${s}s`;
  if (h !== 0) return `${sign}${h}h ${m}m ${s}s`;
  if (m !== 0) return `${sign}${m}m ${s}s`;
  return `${sign}${fourDigits(Math.abs(seconds))}s`;
}
