/**
 * Names as Prometheus writes them: the OpenTelemetry specification's "Prometheus and OpenMetrics
 * Compatibility" (1.48) in its UnderscoreEscapingWithSuffixes form, which is what Prometheus' own OTLP
 * receiver does by default.
 */

const units: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tibibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  B: 'bytes',
  KB: 'kilobytes',
  MB: 'megabytes',
  GB: 'gigabytes',
  TB: 'terabytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '1': '',
  '%': 'percent',
};

const perUnits: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
};

export interface MetricShape {
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  readonly kind: 'gauge' | 'counter' | 'other';
}

/** `http.server.request.duration` in `s` is `http_server_request_duration_seconds`; empty when nothing is left. */
export function prometheusName({ name, unit, kind }: MetricShape): string {
  let tokens = name.split(/[^a-zA-Z0-9:]+/).filter((token) => token !== '');
  if (tokens.length === 0) return '';
  const [main = '', per = ''] = splitUnit(unit);
  const mainSuffix = main === '' ? '' : sanitize(units[main] ?? main);
  const perSuffix = per === '' ? '' : sanitize(perUnits[per] ?? per);
  if (mainSuffix !== '' && !tokens.includes(mainSuffix)) tokens.push(mainSuffix);
  if (perSuffix !== '' && !tokens.includes(perSuffix)) tokens.push('per', perSuffix);
  if (kind === 'counter') tokens = [...tokens.filter((token) => token !== 'total'), 'total'];
  // A dimensionless gauge is a ratio; counters of "1" count things.
  if (kind === 'gauge' && unit === '1') tokens = [...tokens.filter((token) => token !== 'ratio'), 'ratio'];
  const joined = tokens.join('_');
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}

/** `By/s` to `By` and `s`; what stands in braces is an annotation and no unit. */
function splitUnit(unit: string): string[] {
  return unit
    .slice(0, 64)
    .split('/', 2)
    .map((part) => (/[{}]/.test(part) ? '' : part.trim()));
}

function sanitize(text: string): string {
  return text.replace(/[^a-zA-Z0-9:]+/g, '_').replace(/^_+|_+$/g, '');
}

/** A label's name: `http.route` is `http_route`; several underscores become one, a digit in front gets `key_`. */
export function labelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9]+/g, '_');
  return /^[0-9]/.test(name) ? `key_${name}` : name;
}
