import { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import type { Feedback } from '../../src/model/feedback.js';
import type { EncodedRows } from '../../src/model/rows/tables.js';

/** A row of the `feedback` table in RowBinary, in the column order of src/model/rows/tables.ts. */
export function encodeFeedback(feedback: Feedback): EncodedRows {
  const buffer = new RowBinaryBuffer(1024);
  buffer.string(feedback.id);
  buffer.bigint(BigInt(feedback.at));
  buffer.string(feedback.service);
  buffer.string(feedback.environment);
  buffer.string(feedback.version);
  buffer.u8(feedback.rating ?? 0);
  buffer.string(feedback.message);
  buffer.string(feedback.email);
  buffer.string(feedback.page);
  buffer.string(feedback.sessionId);
  buffer.string(feedback.traceId);
  buffer.string(feedback.userId);
  buffer.string(feedback.userAgent);
  buffer.string(feedback.screenshotId);
  const attributes = Object.entries(feedback.attributes);
  buffer.varint(attributes.length);
  for (const [key, value] of attributes) {
    buffer.string(key);
    buffer.string(value);
  }
  buffer.bigint(BigInt(feedback.receivedAt));
  return { table: 'feedback', rows: 1, bytes: Buffer.from(buffer.view()) };
}
