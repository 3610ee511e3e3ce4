import { beforeEach, describe, expect, it } from 'vitest';
import type { Segment, Slice } from './segment.js';
import { TableQueue } from './table-queue.js';

let queue: TableQueue;
let made = 0;
const segment = (openedAt: number): Segment => ({
  id: `S${made++}`,
  table: 'changes',
  schema: 1,
  slices: [],
  rows: 0,
  bytes: 0,
  openedAt,
});
const slice = (bytes: number): Slice => ({
  path: '',
  name: { segment: '', slice: 0, schema: 1, rows: 1, bytes, crc: 0 },
  trusted: true,
});
/** One commit of so many bytes. */
const commit = (now: number, bytes = 10): Segment => {
  const open = queue.begin(now);
  queue.appended(open, slice(bytes));
  return open;
};

beforeEach(() => {
  made = 0;
  queue = new TableQueue({
    table: 'changes',
    maxSegmentBytes: 100,
    maxAgeMs: 250,
    newSegment: (_, now) => segment(now),
  });
});

describe('TableQueue', () => {
  it('gathers the commits of a quarter of a second into one segment', () => {
    const first = commit(0);
    expect(commit(100)).toBe(first);
    expect(queue.readyAt(false)).toBe(250);
    expect(queue.readyAt(true)).toBe(0);
    expect(queue.take()).toBe(first);
    expect(first).toMatchObject({ rows: 2, bytes: 20 });
    expect(queue.readyAt(false)).toBe(Infinity);
    queue.inserted();
    expect(queue.length).toBe(0);
    expect(queue.take()).toBeUndefined();
  });

  it('closes a segment that is old or full, and inserts the oldest first', () => {
    const first = commit(0);
    const second = commit(300, 200);
    expect(second).not.toBe(first);
    const third = commit(301);
    expect(third).not.toBe(second);
    expect([queue.take(), queue.length]).toEqual([first, 3]);
    expect(queue.take()).toBeUndefined();
    queue.inserted();
    expect(queue.take()).toBe(second);
    queue.inserted();
    expect(queue.take()).toBe(third);
  });

  it('lets a segment grow to its full size while older ones wait', () => {
    const first = commit(0);
    queue.take();
    const second = commit(300);
    expect(commit(10_000)).toBe(second);
    expect(commit(20_000, 80)).toBe(second);
    expect(commit(20_001)).not.toBe(second);
    queue.failed(30_000);
    expect(queue.readyAt(false)).toBe(30_000);
    expect(queue.attempt).toBe(1);
    expect(queue.take()).toBe(first);
    queue.inserted();
    expect([queue.attempt, queue.readyAt(false)]).toEqual([0, 0]);
  });

  it('tells a lack of memory from a database that is away', () => {
    commit(0);
    queue.take();
    queue.failed(0);
    queue.take();
    queue.failed(0, 'memory');
    expect([queue.attempt, queue.outOfMemory]).toEqual([2, 1]);
    queue.take();
    queue.inserted();
    expect([queue.attempt, queue.outOfMemory]).toEqual([0, 0]);
  });

  it('bounds the number of slices of a segment', () => {
    queue.restore(segment(0));
    const open = commit(0, 0);
    for (let i = 1; i < 500; i++) expect(commit(0, 0)).toBe(open);
    expect(commit(0, 0)).not.toBe(open);
  });

  it('does not insert a segment that a commit is writing to', () => {
    commit(0);
    const open = queue.begin(10);
    expect(queue.readyAt(true)).toBe(Infinity);
    expect(queue.take()).toBeUndefined();
    queue.appended(open, slice(1));
    expect(queue.take()).toBe(open);
  });

  it('forgets a segment whose first commit failed', () => {
    queue.begin(0);
    queue.abandoned();
    expect(queue.length).toBe(0);
    const open = commit(5);
    queue.begin(6);
    queue.abandoned();
    expect(queue.take()).toBe(open);
  });
});
