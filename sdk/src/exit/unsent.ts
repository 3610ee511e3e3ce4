/** Most items kept; the batch processors hold as many (OpenTelemetry's default queue size). */
const maxItems = 2048;

/** What an exporter made of a batch, as @opentelemetry/core has it: code 0 is success. */
interface Result {
  readonly code: number;
}

interface Exporter<Item> {
  export(items: Item[], done: (result: Result) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/**
 * Which spans or log records no exporter was given yet, so that they can be sent when the process ends: the batch
 * processors can only send them later, and then there is no later.
 */
export class Unsent<Item extends object> {
  readonly #items = new Set<Item>();
  #reachable = true;

  /** False after an export failed, until one succeeds. */
  get reachable(): boolean {
    return this.#reachable;
  }

  add(item: Item): void {
    if (this.#items.size < maxItems) this.#items.add(item);
  }

  take(): Item[] {
    const items = [...this.#items];
    this.#items.clear();
    return items;
  }

  /** The exporter, watched. */
  watch(exporter: Exporter<Item>): Exporter<Item> & { forceFlush(): Promise<void> } {
    return {
      export: (items, done) => {
        for (const item of items) this.#items.delete(item);
        exporter.export(items, (result) => {
          this.#reachable = result.code === 0;
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
      forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    };
  }
}
