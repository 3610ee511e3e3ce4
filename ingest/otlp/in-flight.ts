import { Unavailable } from '../../src/lib/errors.js';

/** Bytes that one request holds in memory. */
export interface Reservation {
  /** The request's body has this many bytes now; throws `Unavailable` when there is no room for more. */
  set(bytes: number): void;
  /** It holds this many bytes in all. Never throws: what is decoded already would only be sent again. */
  hold(bytes: number): void;
  release(): void;
}

/** Bounds the bytes of all requests between their first byte and the disk. */
export class InFlight {
  readonly #max: number;
  #bytes = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * `copies`: how often a body lies in memory before it is on disk. They are reserved while it arrives, so that
   * large bodies that come together do not all find out half-way that there is no room.
   */
  reserve(copies = 1): Reservation {
    let held = 0;
    return {
      set: (size) => {
        const bytes = size * copies;
        if (bytes > held && this.#bytes + bytes - held > this.#max) {
          throw new Unavailable(
            'limit_exceeded',
            `More than ${this.#max} bytes of telemetry are being taken in at once: send again in a moment.`,
            { retryAfterSeconds: 1 },
          );
        }
        this.#bytes += bytes - held;
        held = bytes;
      },
      hold: (bytes) => {
        this.#bytes += bytes - held;
        held = bytes;
      },
      release: () => {
        this.#bytes -= held;
        held = 0;
      },
    };
  }
}
