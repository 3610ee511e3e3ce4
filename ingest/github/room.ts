import { Unavailable } from '../../src/lib/errors.js';

export interface RoomOptions {
  /** Bytes of all bodies that are held at once. */
  readonly max: number;
  /** Of them, those that came from one address. */
  readonly maxOfAddress: number;
}

/**
 * Bounds what is held of deliveries before their signature can be looked at, which takes the whole body: who
 * sends it is not known until then. One address cannot take all the room.
 */
export class Room {
  readonly #options: RoomOptions;
  readonly #byAddress = new Map<string, number>();
  #taken = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** Takes room for a body; call what it gives when the body is gone. Throws `Unavailable` when there is none. */
  take(address: string, bytes: number): () => void {
    const own = this.#byAddress.get(address) ?? 0;
    if (this.#taken + bytes > this.#options.max || own + bytes > this.#options.maxOfAddress) {
      throw new Unavailable(
        'limit_exceeded',
        'Too many deliveries are being taken in at once: redeliver this one in a moment.',
      );
    }
    this.#add(address, bytes);
    let isGone = false;
    return () => {
      if (!isGone) this.#add(address, -bytes);
      isGone = true;
    };
  }

  #add(address: string, bytes: number): void {
    this.#taken += bytes;
    const own = (this.#byAddress.get(address) ?? 0) + bytes;
    if (own > 0) this.#byAddress.set(address, own);
    else this.#byAddress.delete(address);
  }
}
