import { BadInput } from '../../lib/errors.js';
import { parseRecordId, recordId, type RecordKey } from './record.js';

/**
 * Where the next page begins: after `skip` records of this very key (records that are the same in everything
 * share it). A hash of the extreme value stands for a time at which no record was found yet.
 */
export interface Cursor extends RecordKey {
  readonly skip: number;
}

export function encodeCursor(cursor: Cursor): string {
  return `${recordId(cursor)}.${cursor.skip}`;
}

export function decodeCursor(text: string): Cursor {
  const [, id, skip] = /^([A-Za-z0-9_-]{22})\.(\d{1,6})$/.exec(text) ?? [];
  if (id === undefined) {
    throw new BadInput('bad_request', 'This cursor was not given by Lemni: ask for the first page again.', {
      at: 'cursor',
    });
  }
  return { ...parseRecordId(id), skip: Number(skip) };
}
