import { mkdir, open, readdir, readFile, rename, statfs, unlink, writeFile } from 'node:fs/promises';

/** What the spool asks of the disk; tests give one that fails. */
export interface SpoolFiles {
  /** Writes a file under `path` whole and durable: it is there after a power cut or not at all. */
  writeWhole(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Makes the directory's names durable. */
  syncDirectory(path: string): Promise<void>;
  /** A file whose loss does no harm: not synced. */
  writePlain(path: string, content: string | Uint8Array): Promise<void>;
  read(path: string): Promise<Buffer>;
  list(path: string): Promise<string[]>;
  makeDirectory(path: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  /** Does nothing when it is not there. */
  remove(path: string): Promise<void>;
  freeBytes(path: string): Promise<number>;
}

export const temporarySuffix = '.tmp';

export const realFiles: SpoolFiles = {
  async writeWhole(path, parts) {
    const temporary = path + temporarySuffix;
    try {
      const file = await open(temporary, 'wx');
      try {
        await writeAll(file, parts);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await removeIfThere(temporary).catch(() => undefined);
      throw error;
    }
  },
  async syncDirectory(path) {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
  writePlain: (path, content) => writeFile(path, content),
  read: (path) => readFile(path),
  list: (path) => readdir(path),
  async makeDirectory(path) {
    await mkdir(path, { recursive: true });
  },
  move: (from, to) => rename(from, to),
  remove: removeIfThere,
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** IOV_MAX on Linux: a writev takes no more parts. */
const maxParts = 1024;

async function writeAll(file: Awaited<ReturnType<typeof open>>, parts: readonly Uint8Array[]): Promise<void> {
  for (let i = 0; i < parts.length; i += maxParts) {
    const group = parts.slice(i, i + maxParts);
    const expected = group.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { bytesWritten } = await file.writev(group);
    // A disk that fills up takes a part without an error; only the next write says ENOSPC.
    if (bytesWritten === expected) continue;
    const rest = Buffer.concat(group).subarray(bytesWritten);
    for (let done = 0; done < rest.length;) {
      done += (await file.write(rest, done, rest.length - done)).bytesWritten;
    }
  }
}
