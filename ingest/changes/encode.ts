import { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import type { Change } from '../../src/model/changes.js';
import type { EncodedRows } from '../../src/model/rows/tables.js';

/** Rows of the `changes` table in RowBinary, in the column order of src/model/rows/tables.ts. */
export function encodeChanges(changes: readonly Change[]): EncodedRows {
  const buffer = new RowBinaryBuffer(1024);
  for (const change of changes) encodeChange(buffer, change);
  return { table: 'changes', rows: changes.length, bytes: Buffer.from(buffer.view()) };
}

function encodeChange(buffer: RowBinaryBuffer, change: Change): void {
  buffer.string(change.id);
  buffer.bigint(BigInt(change.at));
  buffer.string(change.type);
  buffer.string(change.service);
  buffer.string(change.environment);
  buffer.string(change.version);
  buffer.string(change.status);
  buffer.string(change.commit);
  buffer.string(change.url);
  buffer.string(change.actor);
  buffer.string(change.source);
  nullableTime(buffer, change.startedAt);
  nullableTime(buffer, change.finishedAt);
  buffer.string(JSON.stringify(change.commits));
  const attributes = Object.entries(change.attributes);
  buffer.varint(attributes.length);
  for (const [key, value] of attributes) {
    buffer.string(key);
    buffer.string(value);
  }
  buffer.bigint(BigInt(change.receivedAt));
}

/** RowBinary's Nullable: one byte that says whether it is null, then the value unless it is. */
function nullableTime(buffer: RowBinaryBuffer, at: number | null): void {
  buffer.u8(at === null ? 1 : 0);
  if (at !== null) buffer.bigint(BigInt(at));
}
