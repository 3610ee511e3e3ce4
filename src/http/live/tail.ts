import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.js';
import { LemniError } from '../../lib/errors.js';
import type { LogRecord } from '../contract/telemetry.js';
import { RateLimit } from '../rate-limit.js';
import { parse } from '../validate.js';
import type { TailSource } from './ports.js';

const TailRequest = z.strictObject({ tailId: z.string().max(100), query: z.string().max(10_000) });

export interface TailBatch {
  readonly tailId: string;
  readonly items: LogRecord[];
  readonly dropped: number;
}

export interface TailDeps {
  readonly source: TailSource | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** False while the client has not taken what it was sent: records are then dropped and counted. */
  readonly keepsUp: () => boolean;
  readonly send: (batch: TailBatch) => void;
}

/** The one live tail of a socket: a new one ends the one before. */
export class Tail {
  readonly #deps: TailDeps;
  readonly #starts: RateLimit;
  #generation = 0;
  #stop: (() => void) | undefined;

  constructor(deps: TailDeps) {
    this.#deps = deps;
    // A tail costs a parse and a standing query; a person edits a query a few times a minute.
    this.#starts = new RateLimit({ max: 20, windowMs: 10_000, keys: 1 }, deps.clock);
  }

  /** Null when it runs, otherwise why it does not, for a person. */
  async start(request: unknown): Promise<string | null> {
    this.stop();
    const generation = this.#generation;
    try {
      if (!this.#deps.source) return 'This installation has no live tail.';
      this.#starts.take('', 'new live tails');
      const { tailId, query } = parse(TailRequest, request);
      const stop = await this.#deps.source(query, this.#forward(tailId, generation));
      // Another one was asked for, or the socket left, while this one was being set up.
      if (generation !== this.#generation) stop();
      else this.#stop = stop;
      return null;
    } catch (error) {
      if (error instanceof LemniError && error.code !== 'bug') return error.message;
      this.#deps.log.error({ err: error }, 'a live tail could not start');
      return 'The live tail could not start: the log of Lemni says why.';
    }
  }

  stop(): void {
    this.#generation++;
    this.#stop?.();
    this.#stop = undefined;
  }

  #forward(tailId: string, generation: number): Parameters<TailSource>[1] {
    let dropped = 0;
    return (items, more) => {
      if (generation !== this.#generation) return;
      dropped += more;
      if (!this.#deps.keepsUp()) {
        dropped += items.length;
        return;
      }
      this.#deps.send({ tailId, items: [...items], dropped });
      dropped = 0;
    };
  }
}
