import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireDataDir } from './data-dir-lock.js';

let dir = '';
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'lemni-lock-')), 'data');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

const lockFile = (): string => join(dir, 'lemni.lock');
/** A lock as that process would have written it. */
const lockOf = (pid: number, began: string): void => {
  acquireDataDir(dir).release();
  writeFileSync(lockFile(), JSON.stringify({ pid, began }));
};
const leaveText = (text: string): void => {
  lockOf(1, '');
  writeFileSync(lockFile(), text);
};
const beganAt = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
};

describe('acquireDataDir', () => {
  it('makes the directory, holds it, and lets go of it', () => {
    const lock = acquireDataDir(dir);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(() => acquireDataDir(dir)).toThrow(
      `Another Lemni (process ${process.pid}) uses the data directory`,
    );
    lock.release();
    lock.release();
    expect(readdirSync(dir)).toEqual([]);
    acquireDataDir(dir).release();
  });

  it('names the process that holds it', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    lockOf(other.pid!, beganAt(other.pid!));
    expect(() => acquireDataDir(dir)).toThrow(
      `Another Lemni (process ${other.pid}) uses the data directory ${dir}. Stop it, or give this one a directory of its own (LEMNI_DATA_DIR).`,
    );
    other.kill();
    await once(other, 'exit');
    acquireDataDir(dir).release();
  });

  it.each([
    ['of a dead process', () => lockOf(spawnSync('true').pid, '1')],
    ['of an earlier process with the number of one that lives', () => lockOf(process.ppid, 'earlier')],
    ["of an earlier process with this one's number, as in a container", () => lockOf(process.pid, 'earlier')],
    ['that is no lock', () => leaveText('{"pid":')],
    ['that is empty', () => leaveText('')],
  ])('takes over a lock %s', (_, leave) => {
    leave();
    const lock = acquireDataDir(dir);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(dir)).toEqual(['lemni.lock']);
    lock.release();
  });
});
