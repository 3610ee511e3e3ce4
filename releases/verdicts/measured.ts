import type { Measure } from '../../src/http/contract/verdicts.js';
import type { Difference } from '../../src/lib/statistics/proportions.js';
import { milliseconds, number } from './words.js';
import { leastEffect, thresholds, type MeasureName } from './thresholds.js';

/** A measure, and what the verdict makes of it. */
export interface Measured {
  readonly measure: Measure;
  /** Enough to call the release degraded. */
  readonly decides: boolean;
  /** How far beyond its threshold, for the order of reasons. */
  readonly weight: number;
}

/** How sure one has to be: `z` for what is decided, of which several are asked at once. */
export interface Rigor {
  readonly z: number;
  /** Effects have to be so many times their thresholds. */
  readonly factor: number;
}

export interface Compared {
  readonly name: MeasureName;
  readonly operation: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly beforeCount: number;
  readonly afterCount: number;
  /** With 95 %, to be shown; undefined when one side cannot be measured. */
  readonly shown: Difference | undefined;
  /** With the certainty that a decision takes. */
  readonly sure: Difference | undefined;
  /** On the worse side: failures, lines, slow requests. */
  readonly events: number;
  /** -1: less is worse. */
  readonly sign: 1 | -1;
  /** The numbers in words: `7.2 % of 1,230 requests failed, 0.1 % before`. */
  readonly words: string;
  /** Said when nothing can be compared. */
  readonly unknown: string;
  readonly points?: Measure['points'];
}

/** Judges one difference: certain enough, and large enough to matter. */
export function measured(compared: Compared, rigor: Rigor): Measured {
  const { name, shown, sure, sign, events } = compared;
  const bare = {
    name,
    operation: compared.operation,
    unit: compared.unit,
    before: compared.before,
    after: compared.after,
    beforeCount: compared.beforeCount,
    afterCount: compared.afterCount,
    ...(compared.points === undefined ? {} : { points: compared.points }),
  };
  if (!shown || !sure || compared.before === null || compared.after === null) {
    const measure: Measure = {
      ...bare,
      effect: null,
      low: null,
      high: null,
      movement: 'unknown',
      reason: compared.unknown,
    };
    return { measure, decides: false, weight: 0 };
  }
  const least = leastEffect(name, compared.before);
  const size = (shown.difference * sign) / (least === 0 ? 1 : least);
  const isSureWorse = sign === 1 ? sure.low > 0 : sure.high < 0;
  const isSureBetter = sign === 1 ? sure.high < 0 : sure.low > 0;
  const { decides: times, events: leastEvents } = thresholds[name];
  const isWorse = isSureWorse && size >= rigor.factor && events >= leastEvents;
  const isBetter = isSureBetter && size <= -1 && name !== 'throughput';
  const movement = isWorse ? 'worse' : isBetter ? 'better' : 'same';
  const why =
    isWorse || isBetter
      ? ''
      : whySame({ certain: isSureWorse || isSureBetter, size, events: events >= leastEvents });
  const measure: Measure = {
    ...bare,
    effect: shown.difference,
    low: shown.low,
    high: Number.isFinite(shown.high) ? shown.high : null,
    movement,
    reason: `${compared.words}${why === '' && movement !== 'same' ? effectWords(name === 'error_ratio' || name === 'bad_feedback' ? 'share' : compared.unit, shown) : why}.`,
  };
  return { measure, decides: isWorse && size >= times * rigor.factor, weight: isWorse ? size : 0 };
}

/** `: 7.1 points more (5.5 to 8.9 with 95 %)`. */
function effectWords(unit: string, { difference, low, high }: Difference): string {
  const size = (value: number): string =>
    unit === 'ms'
      ? milliseconds(value)
      : number(unit === 'share' ? Number((value * 100).toPrecision(2)) : value);
  const sign = difference < 0 ? -1 : 1;
  const [least, most] = sign === 1 ? [low, high] : [-high, -low];
  const what = unit === 'share' ? ' points' : '';
  return `: ${size(Math.abs(difference))}${what} ${sign === 1 ? 'more' : 'less'} (${size(least)} to ${size(most)} with 95 %)`;
}

function whySame(found: { certain: boolean; size: number; events: boolean }): string {
  if (Math.abs(found.size) < 1) return found.certain ? '; a difference too small to matter' : '';
  if (!found.certain) return '; the difference may be chance';
  return found.events ? '' : '; too few to say more';
}
