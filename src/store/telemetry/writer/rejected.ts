import { join } from 'node:path';
import type { SpoolFiles } from './spool-files.js';

/** Enough to find the mistake; what comes after is counted and not kept. */
const maxBytes = 64 * 1024 ** 2;
const maxFiles = 1000;

/** Rows that the database refuses, kept for the person who looks for the reason. */
export class Rejected {
  readonly #dir: string;
  readonly #files: SpoolFiles;
  #bytes = 0;
  #count = 0;

  constructor(dir: string, files: SpoolFiles) {
    this.#dir = dir;
    this.#files = files;
  }

  get dir(): string {
    return this.#dir;
  }

  async open(): Promise<void> {
    await this.#files.makeDirectory(this.#dir);
    for (const name of await this.#files.list(this.#dir)) {
      this.#count += 1;
      this.#bytes += Number(/\.(\d+)\.rowbinary$/.exec(name)?.[1] ?? 0);
    }
  }

  /** Answers whether the rows were kept. `name` says where they come from. */
  async keep(name: string, bytes: Uint8Array): Promise<boolean> {
    if (this.#count >= maxFiles || this.#bytes + bytes.byteLength > maxBytes) return false;
    this.#count += 1;
    this.#bytes += bytes.byteLength;
    await this.#files.writePlain(join(this.#dir, `${name}.${bytes.byteLength}.rowbinary`), bytes);
    return true;
  }
}
