/** What must be undone at the end, last in first out. Each resource registers its stop at birth. */
export class Stops {
  readonly #stops: { readonly name: string; readonly stop: () => Promise<void> | void }[] = [];
  #running: Promise<void> | undefined;

  add(name: string, stop: () => Promise<void> | void): void {
    this.#stops.push({ name, stop });
  }

  /** Runs every stop once, newest first; goes on when one fails and reports each failure. Idempotent. */
  run(onError: (name: string, error: unknown) => void): Promise<void> {
    this.#running ??= this.#runAll(onError);
    return this.#running;
  }

  async #runAll(onError: (name: string, error: unknown) => void): Promise<void> {
    for (let entry = this.#stops.pop(); entry; entry = this.#stops.pop()) {
      try {
        await entry.stop();
      } catch (error) {
        onError(entry.name, error);
      }
    }
  }
}
