import type { Measure } from '../../../../src/http/contract/verdicts.js';
import { count, duration, join, percent, significant } from '../../time/format.js';

type Named = Pick<Measure, 'name' | 'unit'>;

const names: Readonly<Record<Measure['name'], string>> = {
  error_ratio: 'Failed requests',
  latency_p50: 'Half took less than',
  latency_p95: '95 % took less than',
  latency_p99: '99 % took less than',
  throughput: 'Requests',
  error_logs: 'Error logs',
  bad_feedback: 'Bad ratings',
};

export function measureName({ name, unit }: Named): string {
  if (name !== 'error_logs') return names[name];
  return unit === '/min' ? 'Error logs a minute' : 'Error logs a request';
}

/** What its counts count. */
export function countedThings({ name }: Pick<Measure, 'name'>): string {
  if (name === 'error_logs') return 'logs';
  return name === 'bad_feedback' ? 'ratings' : 'requests';
}

/** `7.2 %`, `120 ms`, `3.1 /s`; a dash when it is not known. */
export function measureValue({ name, unit }: Named, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'ms') return join(duration(value));
  if (unit === '/s') {
    const quantity = count(value);
    return `${quantity.text} ${quantity.unit}/s`;
  }
  if (unit === '/min') return `${significant(value)} /min`;
  return name === 'error_logs' ? significant(value) : join(percent(value));
}

/** `+7.1 points`, `-12 ms`; points are hundredths. */
export function measureEffect(measure: Named & Pick<Measure, 'effect'>): string {
  const { effect } = measure;
  if (effect === null) return '–';
  if (effect === 0) return '0';
  return signed(measure, effect, true);
}

/** `5.5 to 8.9 points`: where the true change lies with 95 %. Empty when there is none. */
export function measureInterval(measure: Named & Pick<Measure, 'low' | 'high'>): string {
  const { low, high } = measure;
  if (low === null || high === null) return '';
  return `${signed(measure, low, false)} to ${signed(measure, high, false)}`;
}

function signed(measure: Named, value: number, withUnit: boolean): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  const size = Math.abs(value);
  const isShare = measure.unit === '1' && measure.name !== 'error_logs';
  if (isShare) {
    const points = significant(Number((size * 100).toPrecision(2)));
    return `${sign}${points}${withUnit ? (points === '1' ? ' point' : ' points') : ''}`;
  }
  return `${sign}${measureValue(measure, size)}`;
}
