import { AnyValueWriter } from './any-value.js';
import { AttributeWriter } from './attributes.js';
import type { DecodeLimits, DecodeOptions } from './options.js';
import { ProtoReader } from './protobuf/reader.js';
import { DecodeReport } from './report.js';
import { ByteBudget } from './table-rows.js';
import { TextWriter } from './text.js';
import { TimeJudge } from './time.js';

/** What the decoders of one request share. */
export class DecodeContext {
  readonly reader: ProtoReader;
  readonly limits: DecodeLimits;
  readonly report = new DecodeReport();
  readonly budget: ByteBudget;
  readonly text: TextWriter;
  readonly values: AnyValueWriter;
  readonly attributes: AttributeWriter;
  readonly times: TimeJudge;
  readonly arrivalMs: number;

  constructor(bytes: Buffer, options: DecodeOptions) {
    const { limits, scrubber, arrivalMs } = options;
    this.limits = limits;
    this.arrivalMs = arrivalMs;
    this.reader = new ProtoReader(bytes);
    this.budget = new ByteBudget(limits.maxEncodedBytes);
    this.text = new TextWriter(scrubber, this.report);
    this.values = new AnyValueWriter(this.reader, this.text, this.report);
    this.attributes = new AttributeWriter(this.reader, {
      text: this.text,
      values: this.values,
      report: this.report,
      limits,
    });
    this.times = new TimeJudge(arrivalMs, limits.maxFutureMs);
  }
}
