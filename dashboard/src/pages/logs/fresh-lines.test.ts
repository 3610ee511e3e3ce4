import { describe, expect, it } from 'vitest';
import { arrive, joinLines, noFreshLines, release, type FreshLines } from './fresh-lines.js';

const lines = (...ids: string[]) => ids.map((id) => ({ id }));
const ids = (list: readonly { id: string }[]) => list.map((line) => line.id).join('');
const start: FreshLines<{ id: string }> = noFreshLines;

describe('fresh lines', () => {
  it('show at once while the reader is at the top', () => {
    const state = arrive(arrive(start, lines('a'), { atTop: true }), lines('c', 'b'), { atTop: true });
    expect(ids(state.shown)).toBe('cba');
  });

  it('are held while the reader is further down, and released above the others', () => {
    const state = arrive(arrive(start, lines('a'), { atTop: true }), lines('c', 'b'), { atTop: false });
    expect([ids(state.shown), ids(state.held)]).toEqual(['a', 'cb']);
    expect(ids(release(state).shown)).toBe('cba');
  });

  it('that come twice are one', () => {
    const held = arrive(start, lines('a'), { atTop: false });
    expect(arrive(held, lines('a'), { atTop: true })).toBe(held);
    expect(ids(joinLines(arrive(start, lines('b'), { atTop: true }), lines('b', 'a')))).toBe('ba');
  });

  it('count what the server dropped', () => {
    const state = arrive(arrive(start, [], { atTop: true, dropped: 3 }), lines('a'), {
      atTop: true,
      dropped: 2,
    });
    expect(state.dropped).toBe(5);
  });

  it('are bounded, and the list below no longer follows on', () => {
    const many = Array.from({ length: 6000 }, (_, i) => ({ id: String(6000 - i) }));
    const state = arrive(start, many, { atTop: true });
    expect(state.shown).toHaveLength(5000);
    expect(state.shown[0]).toEqual({ id: '6000' });
    expect(joinLines(state, lines('old'))).toHaveLength(5000);
  });
});
