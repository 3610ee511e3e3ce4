import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../lib/clock.js';
import type { EncodedRows } from '../../../model/rows/tables.js';
import { GroupCommit } from './group-commit.js';

const batch = (rows: number, bytes = 10): EncodedRows => ({
  table: 'changes',
  rows,
  bytes: new Uint8Array(bytes),
});

/** Remembers how long each group was gathered, and waits for none. */
function recordingClock(): { clock: Clock; slept: number[]; advance: (ms: number) => void } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    advance: (ms) => (now += ms),
    clock: {
      now: () => now,
      sleep: async (ms) => {
        slept.push(ms);
        await new Promise(setImmediate);
        now += ms;
      },
    },
  };
}

/** Time stands still: a sleep ends when it is cut short. */
const standingClock: Clock = {
  now: () => 0,
  sleep: (_, signal) =>
    new Promise((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
    }),
};

describe('GroupCommit', () => {
  it('writes what comes together as one group, what comes meanwhile as the next', async () => {
    const groups: number[][] = [];
    let written: () => void = () => undefined;
    const { clock } = recordingClock();
    const commits = new GroupCommit({
      write: async (batches) => {
        groups.push(batches.map(({ rows }) => rows));
        if (groups.length === 1) await new Promise<void>((resolve) => (written = resolve));
      },
      clock,
      maxDelayMs: 100,
      maxBytes: 1000,
    });
    const first = Promise.all([commits.add([batch(1), batch(2)]), commits.add([batch(3)])]);
    while (groups.length === 0) await new Promise(setImmediate);
    const second = Promise.all([commits.add([batch(4)]), commits.add([batch(5)])]);
    written();
    await first;
    await second;
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('waits four times as long as the disk took, within its bounds', async () => {
    const { clock, slept, advance } = recordingClock();
    const took = [0, 10, 1000, 0];
    const commits = new GroupCommit({
      write: () => {
        advance(took.shift() ?? 0);
        return Promise.resolve();
      },
      clock,
      maxDelayMs: 100,
      maxBytes: 1000,
    });
    for (let i = 0; i < 5; i++) await commits.add([batch(1)]);
    expect(slept).toEqual([1, 4, 40, 100, 4]);
  });

  it('writes a full group at once', async () => {
    const groups: number[] = [];
    const commits = new GroupCommit({
      write: (batches) => {
        groups.push(batches.length);
        return Promise.resolve();
      },
      clock: standingClock,
      maxDelayMs: 100,
      maxBytes: 100,
    });
    await commits.add([batch(1, 100)]);
    const gathering = commits.add([batch(1)]);
    await new Promise(setImmediate);
    expect(groups).toEqual([1]);
    await Promise.all([gathering, commits.add([batch(1, 200)])]);
    expect(groups).toEqual([1, 2]);
  });

  it('tells a failure to those of the group alone', async () => {
    let fail = true;
    const commits = new GroupCommit({
      write: () => (fail ? Promise.reject(new Error('no space')) : Promise.resolve()),
      clock: recordingClock().clock,
      maxDelayMs: 100,
      maxBytes: 1000,
    });
    const results = await Promise.allSettled([commits.add([batch(1)]), commits.add([batch(2)])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fail = false;
    await commits.add([batch(3)]);
  });

  it.each([0, 1])('flushes without waiting, %i turns after the last batch', async (turns) => {
    const groups: number[] = [];
    const commits = new GroupCommit({
      write: (batches) => {
        groups.push(batches.length);
        return Promise.resolve();
      },
      clock: standingClock,
      maxDelayMs: 100,
      maxBytes: 100,
    });
    const last = commits.add([batch(1)]);
    for (let i = 0; i < turns; i++) await new Promise(setImmediate);
    await commits.flush();
    expect(groups).toEqual([1]);
    await last;
    await commits.flush();
  });
});
