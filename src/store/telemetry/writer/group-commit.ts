import type { Clock } from '../../../lib/clock.js';
import type { EncodedRows } from '../../../model/rows/tables.js';

export interface GroupCommitOptions {
  /** Makes the batches durable; called for one group at a time. */
  readonly write: (batches: readonly EncodedRows[]) => Promise<void>;
  readonly clock: Clock;
  /** No batch waits longer than this for its group to be closed. */
  readonly maxDelayMs: number;
  /** A group that has this many bytes is written at once. */
  readonly maxBytes: number;
}

/** A lone sender is answered this soon; its neighbours of the same moment share the commit. */
const minDelayMs = 1;
/** The pause after a commit, as a multiple of its own time: the disk is busy for a fifth of the time at most. */
const pauseFactor = 4;

interface Group {
  readonly batches: EncodedRows[];
  bytes: number;
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what many senders want stored into groups that share one fsync. The group that is being written
 * gives the next one its time to fill, so that groups are small while the disk is quick and little comes in,
 * and large when it is slow or much comes in.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #group: Group | undefined;
  #running: Promise<void> | undefined;
  #hurry: AbortController | undefined;
  #flushing = false;
  #pauseMs = minDelayMs;
  #lastEnd = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Resolves when the batches are durable. */
  add(batches: readonly EncodedRows[]): Promise<void> {
    const group = (this.#group ??= newGroup());
    for (const batch of batches) {
      group.batches.push(batch);
      group.bytes += batch.bytes.byteLength;
    }
    this.#running ??= this.#run();
    if (group.bytes >= this.#options.maxBytes) this.#hurry?.abort();
    return group.done;
  }

  /** Writes what is gathered without waiting for more. */
  async flush(): Promise<void> {
    this.#flushing = true;
    this.#hurry?.abort();
    while (this.#running) await this.#running;
    this.#flushing = false;
  }

  async #run(): Promise<void> {
    // What was given in the same turn of the event loop belongs together.
    await Promise.resolve();
    while (this.#group) {
      await this.#gather(this.#group);
      await this.#write(this.#group);
    }
    this.#running = undefined;
  }

  async #gather(group: Group): Promise<void> {
    if (this.#flushing || group.bytes >= this.#options.maxBytes) return;
    const { clock, maxDelayMs } = this.#options;
    const rest = this.#lastEnd + this.#pauseMs - clock.now();
    this.#hurry = new AbortController();
    // Between the bounds, whatever the clock did meanwhile.
    await clock.sleep(Math.min(Math.max(rest, minDelayMs), maxDelayMs), this.#hurry.signal);
    this.#hurry = undefined;
  }

  async #write(group: Group): Promise<void> {
    const { clock, write } = this.#options;
    this.#group = undefined;
    const begun = clock.now();
    try {
      await write(group.batches);
      group.resolve();
    } catch (error) {
      group.reject(error);
    }
    this.#lastEnd = clock.now();
    this.#pauseMs = pauseFactor * Math.max(minDelayMs, this.#lastEnd - begun);
  }
}

function newGroup(): Group {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { batches: [], bytes: 0, done, resolve, reject };
}
