import { BadInput } from './errors.js';

/** A place in a list that is sorted by time and id, newest first. */
export interface Position {
  /** Unix milliseconds. */
  readonly at: number;
  readonly id: string;
}

export function encodeCursor({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** The position a list's `nextCursor` stands for; `BadInput` when it is none of ours. */
export function decodeCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(value) && Number.isSafeInteger(value[0]) && typeof value[1] === 'string') {
      return { at: value[0] as number, id: value[1] }; // Checked the line above.
    }
  } catch {
    // Falls through to the same words: not JSON is not ours either.
  }
  throw new BadInput('bad_request', '"cursor" is not one that a list answered: leave it out to start anew.', {
    at: 'cursor',
  });
}
