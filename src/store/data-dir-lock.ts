import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BadInput } from '../lib/errors.js';

export interface DataDirLock {
  /** Idempotent. */
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** When that process began, in the kernel's ticks since boot; tells it from a later one with its number. */
  readonly began: string;
}

const held = new Set<string>();

/**
 * One Lemni a data directory: makes the directory and a lock file that names this process. Throws
 * `BadInput` that names the other process while it lives; a lock of a dead one is taken over. The lock
 * guards this machine; on a shared file system the embedded database's own lock is the second guard.
 */
export function acquireDataDir(dir: string): DataDirLock {
  const path = join(resolve(dir), 'lemni.lock');
  mkdirSync(resolve(dir), { recursive: true });
  if (held.has(path)) throw inUse(dir, process.pid);
  const mine = `${JSON.stringify({ pid: process.pid, began: beganAt(process.pid) })}\n`;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    take(path, draft, dir);
  } finally {
    unlinkSync(draft);
  }
  held.add(path);
  return {
    release: () => {
      if (!held.delete(path)) return;
      if (read(path) === mine) unlinkSync(path);
    },
  };
}

/** `link` fails when the name is there, so that of two processes one gets it, with its content whole. */
function take(path: string, draft: string, dir: string): void {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      linkSync(draft, path);
      return;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const text = read(path);
    if (text === undefined) continue;
    const holder = parse(text);
    if (holder && isAlive(holder)) throw inUse(dir, holder.pid);
    putAside(path, text);
  }
  throw new BadInput('conflict', `The lock file ${path} changes all the time; is another Lemni starting?`);
}

/** Removes a dead process's lock, unless somebody else has just replaced it. */
function putAside(path: string, seen: string): void {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    if (read(aside) !== seen) linkSync(aside, path);
  } finally {
    unlinkSync(aside);
  }
}

function inUse(dir: string, pid: number): BadInput {
  return new BadInput(
    'conflict',
    `Another Lemni (process ${pid}) uses the data directory ${resolve(dir)}. Stop it, or give this one a directory of its own (LEMNI_DATA_DIR).`,
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, began } = value as Record<string, unknown>; // Each is checked below.
    return typeof pid === 'number' && pid > 0 && typeof began === 'string' ? { pid, began } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  // In a container the dead process may have had this one's number.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    if (!isCode(error, 'EPERM')) return false;
  }
  return beganAt(pid) === began;
}

/** Field 22 of /proc/PID/stat (proc(5)); empty where there is no /proc. */
function beganAt(pid: number): string {
  const stat = read(`/proc/${pid}/stat`) ?? '';
  // The second field, the program's name, may hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
