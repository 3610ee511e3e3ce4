import { AttributeList } from '../attributes.js';
import type { DecodeContext } from '../context.js';
import { millisecondsOf } from '../time.js';

/** Bit 0 of a data point's flags: no value was recorded, the series ends here. */
const NO_RECORDED_VALUE = 1;

/** Where a packed field lies in the request. */
interface Range {
  start: number;
  end: number;
}

/** A data point of any kind as it is read from the wire; one object for all points of a request. */
export class Point {
  readonly attributes: AttributeList;
  timeLo = 0;
  timeHi = 0;
  flags = 0;
  /** A number's value, or undefined; a histogram's or summary's sum. */
  value: number | undefined = undefined;
  countLo = 0;
  countHi = 0;
  min = Number.NaN;
  max = Number.NaN;
  scale = 0;
  zeroLo = 0;
  zeroHi = 0;
  zeroThreshold = 0;
  /** Histogram: explicit bounds. Summary: quantiles. */
  readonly bounds: number[] = [];
  /** Histogram: the count of each bucket. Summary: the value of each quantile. */
  readonly counts: number[] = [];
  readonly positive: Range = { start: 0, end: 0 };
  readonly negative: Range = { start: 0, end: 0 };
  /** The time that its samples were given, in Unix milliseconds. */
  writtenAt = 0;
  readonly #context: DecodeContext;

  constructor(context: DecodeContext) {
    this.#context = context;
    this.attributes = new AttributeList(context.limits.maxAttributes);
  }

  get isStale(): boolean {
    return (this.flags & NO_RECORDED_VALUE) !== 0;
  }

  clear(): void {
    this.attributes.clear();
    this.timeLo = this.timeHi = this.flags = this.countLo = this.countHi = 0;
    this.scale = this.zeroLo = this.zeroHi = this.zeroThreshold = 0;
    this.value = undefined;
    this.min = this.max = Number.NaN;
    this.bounds.length = this.counts.length = 0;
    this.positive.start = this.positive.end = this.negative.start = this.negative.end = 0;
  }

  /** The time in Unix milliseconds; the arrival when it is missing or cannot be. */
  milliseconds(): number {
    const { times, report, arrivalMs } = this.#context;
    if (this.timeLo === 0 && this.timeHi === 0) return arrivalMs;
    if (times.isValid(this.timeLo, this.timeHi)) return millisecondsOf(this.timeLo, this.timeHi);
    report.note('invalid_time');
    return arrivalMs;
  }
}
