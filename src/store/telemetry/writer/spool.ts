import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BadInput } from '../../../lib/errors.js';
import { writableTables, type EncodedRows, type TableName } from '../../../model/rows/tables.js';
import { formatSliceName, parseSliceName } from './segment-name.js';
import type { BatchMark, Segment, Slice } from './segment.js';
import { temporarySuffix, type SpoolFiles } from './spool-files.js';

export const tableNames = Object.keys(writableTables) as TableName[]; // The keys of a literal object.

const hintSuffix = '.batches';
/** A slice with its batches' ends: what a later process needs to split it. */
const hintOf = (path: string): string => path + hintSuffix;

/** The segments on disk, as `<dir>/<table>/<slice>`. Knows files, not the database. */
export class Spool {
  readonly #dir: string;
  readonly #files: SpoolFiles;

  constructor(dir: string, files: SpoolFiles) {
    if (/[*?{},]/.test(dir)) {
      throw new BadInput(
        'bad_request',
        `The data directory ${dir} has one of the characters *?{}, in its path, which the database reads as a pattern. Choose another one (LEMNI_DATA_DIR).`,
      );
    }
    this.#dir = dir;
    this.#files = files;
  }

  /** Makes the directories and answers what an earlier process left, oldest first. */
  async open(): Promise<Segment[]> {
    const segments: Segment[] = [];
    for (const table of tableNames) {
      await this.#files.makeDirectory(join(this.#dir, table));
      segments.push(...(await this.#leftOf(table)));
    }
    await this.#files.syncDirectory(this.#dir);
    return segments.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /**
   * Writes the batches as the segment's next slice, durable. The slice is not in the segment yet, so that a
   * commit that fails elsewhere can take it back.
   */
  async writeSlice(segment: Segment, batches: readonly EncodedRows[]): Promise<Slice> {
    let [rows, bytes, crc] = [0, 0, 0];
    const parts: Uint8Array[] = [];
    const marks: BatchMark[] = [];
    for (const batch of batches) {
      rows += batch.rows;
      bytes += batch.bytes.byteLength;
      crc = crc32(batch.bytes, crc);
      parts.push(batch.bytes);
      marks.push({ rows, bytes });
    }
    const { id, schema } = segment;
    const name = { segment: id, slice: segment.slices.length, schema, rows, bytes, crc };
    const path = join(this.#dir, segment.table, formatSliceName(name));
    const slice = { path, name, trusted: true, batches: marks };
    try {
      if (marks.length > 1) await this.#files.writePlain(hintOf(path), JSON.stringify(marks));
      await this.#files.writeWhole(path, parts);
      await this.#files.syncDirectory(dirname(path));
    } catch (error) {
      await this.#removeFiles(slice).catch(() => undefined);
      throw error;
    }
    return slice;
  }

  /** Takes back a slice whose commit failed. */
  removeSlice(slice: Slice): Promise<void> {
    return this.#removeFiles(slice);
  }

  /** Removes an inserted segment, slice 0 first: see segment-name.ts. */
  async remove(segment: Segment): Promise<void> {
    const [first, ...others] = segment.slices;
    if (first) await this.#removeFiles(first);
    await Promise.all(others.map((slice) => this.#removeFiles(slice)));
  }

  /** Whether a slice of an earlier process is what it was when it was acknowledged. */
  async isWhole(slice: Slice): Promise<boolean> {
    if (slice.trusted) return true;
    const bytes = await this.read(slice);
    return bytes.byteLength === slice.name.bytes && crc32(bytes) === slice.name.crc;
  }

  /** No bytes when somebody has removed the file. */
  async read(slice: Slice): Promise<Buffer> {
    try {
      return await this.#files.read(slice.path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
  }

  /** The ends of a slice's batches; one batch when they are not known. */
  async batchesOf(slice: Slice): Promise<readonly BatchMark[]> {
    if (slice.batches) return slice.batches;
    const whole = [{ rows: slice.name.rows, bytes: slice.name.bytes }];
    try {
      const marks: unknown = JSON.parse((await this.#files.read(hintOf(slice.path))).toString());
      return isMarksOf(slice, marks) ? marks : whole;
    } catch {
      return whole;
    }
  }

  /** Bytes as a file that an insert can read; `.tmp`, since losing it does no harm. */
  async writePiece(table: TableName, token: string, bytes: Uint8Array): Promise<string> {
    const path = join(this.#dir, table, `${token}.piece${temporarySuffix}`);
    await this.#files.writePlain(path, bytes);
    return path;
  }

  removePiece(path: string): Promise<void> {
    return this.#files.remove(path);
  }

  freeBytes(): Promise<number> {
    return this.#files.freeBytes(this.#dir);
  }

  async #removeFiles({ path, batches }: Slice): Promise<void> {
    await this.#files.remove(path);
    // A slice of one batch has no hint; whether one of an earlier process has one is not known.
    if (batches?.length !== 1) await this.#files.remove(hintOf(path));
  }

  async #leftOf(table: TableName): Promise<Segment[]> {
    const dir = join(this.#dir, table);
    const segments = new Map<string, Segment>();
    const names = await this.#files.list(dir);
    const slices = names.flatMap((file) => {
      const name = parseSliceName(file);
      return name === undefined ? [] : [{ path: join(dir, file), name, trusted: false }];
    });
    slices.sort((a, b) => a.name.slice - b.name.slice);
    for (const slice of slices) {
      const { segment: id, schema, rows, bytes } = slice.name;
      const segment = segments.get(id) ?? { id, table, schema, slices: [], rows: 0, bytes: 0, openedAt: 0 };
      segments.set(id, segment);
      segment.slices.push(slice);
      segment.rows += rows;
      segment.bytes += bytes;
    }
    for (const segment of segments.values()) {
      if (segment.slices[0]?.name.slice === 0) continue;
      await this.remove(segment);
      segments.delete(segment.id);
    }
    await this.#sweep(dir, names);
    return [...segments.values()];
  }

  /** Half-written files, and hints whose slice is gone. */
  async #sweep(dir: string, names: readonly string[]): Promise<void> {
    const present = new Set(names);
    for (const file of names) {
      const orphan = file.endsWith(hintSuffix) && !present.has(file.slice(0, -hintSuffix.length));
      if (orphan || file.endsWith(temporarySuffix)) await this.#files.remove(join(dir, file));
    }
  }
}

function isMarksOf(slice: Slice, marks: unknown): marks is readonly BatchMark[] {
  if (!Array.isArray(marks)) return false;
  let before = { rows: 0, bytes: 0 };
  for (const mark of marks as BatchMark[]) {
    if (!(mark.rows >= before.rows && mark.bytes > before.bytes)) return false;
    before = mark;
  }
  return before.rows === slice.name.rows && before.bytes === slice.name.bytes;
}
