import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { salvage } from './salvage.js';
import type { Segment, Slice } from './segment.js';

const columns = [{ name: 'n', type: 'UInt8' }];

/** A segment of rows of one byte; `batches` gives the rows of each batch of each slice. */
function segmentOf(slices: readonly (readonly number[][])[]): {
  segment: Segment;
  bytes: Map<Slice, Uint8Array>;
} {
  const bytes = new Map<Slice, Uint8Array>();
  const made = slices.map((batches, slice): Slice => {
    const rows = batches.flat();
    let end = 0;
    const marks = batches.map((batch) => ({ rows: (end += batch.length), bytes: end }));
    const name = { segment: 'S', slice, schema: 1, rows: rows.length, bytes: rows.length, crc: 0 };
    const made: Slice = { path: `${slice}`, name, trusted: true, batches: marks };
    bytes.set(made, Uint8Array.from(rows));
    return made;
  });
  return {
    segment: { id: 'S', table: 'changes', schema: 1, slices: made, rows: 0, bytes: 0, openedAt: 0 },
    bytes,
  };
}

/** A database that refuses whatever has a row of 255 in it. */
class Picky {
  readonly tokens: string[] = [];
  readonly stored: number[] = [];
  readonly rejected: number[] = [];
  #away = Infinity;

  async run(given: ReturnType<typeof segmentOf>, away = Infinity): Promise<number> {
    this.#away = away;
    return salvage(given.segment, {
      columns,
      isWhole: () => Promise.resolve(true),
      read: (slice) => Promise.resolve(given.bytes.get(slice) ?? new Uint8Array()),
      batchesOf: (slice) => Promise.resolve(slice.batches ?? []),
      insert: (_, token, bytes) => {
        if (this.#away-- <= 0) return Promise.reject(new Error('away'));
        if (bytes.includes(255)) return Promise.resolve(false);
        if (!this.tokens.includes(token)) this.stored.push(...bytes);
        this.tokens.push(token);
        return Promise.resolve(true);
      },
      reject: (_, bytes) => {
        this.rejected.push(...bytes);
        return Promise.resolve();
      },
    });
  }
}

const slices = fc.array(
  fc.array(
    fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(254) }, { weight: 1, arbitrary: fc.constant(255) }), {
      minLength: 1,
      maxLength: 12,
    }),
    { minLength: 1, maxLength: 5 },
  ),
  { minLength: 1, maxLength: 3 },
);

describe('salvage', () => {
  it('stores every good row once, in order, and rejects the bad ones alone', async () => {
    await fc.assert(
      fc.asyncProperty(slices, async (given) => {
        const picky = new Picky();
        const rows = given.flat(2);
        const good = rows.filter((row) => row !== 255);
        expect(await picky.run(segmentOf(given))).toBe(good.length);
        expect(picky.stored).toEqual(good);
        expect(picky.rejected).toEqual(rows.filter((row) => row === 255));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('stores nothing twice when the database goes away half-way and it is done again', async () => {
    await fc.assert(
      fc.asyncProperty(slices, fc.nat(20), async (given, away) => {
        const picky = new Picky();
        await picky.run(segmentOf(given), away).catch(() => undefined);
        await picky.run(segmentOf(given));
        expect([...picky.stored].sort()).toEqual(
          given
            .flat(2)
            .filter((row) => row !== 255)
            .sort(),
        );
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('spends a bounded number of inserts on a segment that is all poison', async () => {
    const picky = new Picky();
    const given = segmentOf([[...Array(300).keys()].map(() => [255, 255, 255])]);
    expect(await picky.run(given)).toBe(0);
    expect(picky.rejected).toHaveLength(900);
  });

  it('rejects a slice that is not what it was', async () => {
    const given = segmentOf([[[1, 2]], [[3]]]);
    const [first] = given.segment.slices;
    given.bytes.set(first!, Uint8Array.from([1]));
    const picky = new Picky();
    expect(await picky.run(given)).toBe(1);
    expect(picky.stored).toEqual([3]);
    expect(picky.rejected).toEqual([1]);
  });
});
