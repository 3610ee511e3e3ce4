import type { Position } from '../../src/lib/cursor.js';
import type { Feedback, FeedbackState } from '../../src/model/feedback.js';
import type { TriageStates } from './ports.js';

export interface PageRequest {
  /** Reads the next rows after a position, newest first. */
  readonly read: (before: Position | undefined, limit: number) => Promise<readonly Feedback[]>;
  readonly states: TriageStates;
  /** Only those in this state. */
  readonly state: FeedbackState | undefined;
  readonly before: Position | undefined;
  readonly limit: number;
}

export interface FeedbackPage {
  readonly items: readonly { readonly feedback: Feedback; readonly state: FeedbackState }[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: Position | undefined;
  /** The search stopped before the page was full. */
  readonly isPartial: boolean;
}

const chunk = 500;
/** A page looks at 10,000 feedbacks at most; the next one goes on from there. */
const maxChunks = 20;

/**
 * One page. Feedback lies in the telemetry store and its state in the other, so a page in one state is read
 * in chunks from the first and sifted by the second.
 */
export async function pageOf(request: PageRequest): Promise<FeedbackPage> {
  const { read, states, state, limit } = request;
  const items: { feedback: Feedback; state: FeedbackState }[] = [];
  const size = state === undefined ? limit + 1 : chunk;
  let before = request.before;
  for (let round = 0; round < maxChunks; round++) {
    const rows = await read(before, size);
    const known = await states.of(rows.map(({ id }) => id));
    for (const feedback of rows) {
      const its = known.get(feedback.id) ?? 'open';
      if (state !== undefined && its !== state) {
        before = { at: feedback.at, id: feedback.id };
        continue;
      }
      // One more than the page holds: there is a next one, and it begins after the last that fits.
      if (items.length === limit) return { items, next: before, isPartial: false };
      items.push({ feedback, state: its });
      before = { at: feedback.at, id: feedback.id };
    }
    if (rows.length < size) return { items, next: undefined, isPartial: false };
  }
  return { items, next: before, isPartial: true };
}
