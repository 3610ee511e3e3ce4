import { describe, expect, it } from 'vitest';
import { emptyList, lineList, maxLines, type LineEvent, type LineList } from './line-list.js';

type Line = { id: string };
const lines = (text: string): Line[] => text.split(/(?=.)/u).map((id) => ({ id }));
const ids = (list: readonly Line[]) => list.map((line) => line.id).join('');
const page = (text: string, nextCursor: string | null = null) => ({ items: lines(text), nextCursor });
const run = (...events: LineEvent<Line>[]) => events.reduce<LineList<Line>>(lineList, emptyList);
const head = (text: string, cursor: string | null = null, atTop = true): LineEvent<Line> => ({
  type: 'head',
  question: 'q',
  page: page(text, cursor),
  atTop,
});
const tail = (text: string, atTop = true, dropped = 0): LineEvent<Line> => ({
  type: 'tail',
  question: 'q',
  lines: lines(text),
  atTop,
  dropped,
});
const older = (text: string, cursor: string, next: string | null = null): LineEvent<Line> => ({
  type: 'older',
  question: 'q',
  cursor,
  page: page(text, next),
});

describe('the list of lines', () => {
  it('grows at its end, page by page', () => {
    const state = run(head('fe', '1'), older('dc', '1', '2'), older('ba', '2'));
    expect([ids(state.shown), state.cursor]).toEqual(['fedcba', null]);
  });

  it('ignores a page that came twice, and one of another question', () => {
    expect(ids(run(head('fe', '1'), older('dc', '1', '2'), older('dc', '1', '2')).shown)).toBe('fedc');
    expect(
      ids(run(head('fe', '1'), { ...older('zz', '1'), question: 'other' } as LineEvent<Line>).shown),
    ).toBe('fe');
  });

  it('shows what came in while the reader is at the top, and keeps what was loaded', () => {
    const state = run(head('dc', '1'), older('ba', '1'), head('fedc', '9'));
    expect(ids(state.shown)).toBe('fedcba');
  });

  it('holds what came in while the reader is further down, until the reader is back', () => {
    const state = run(head('ba'), head('dcba', null, false), tail('e', false));
    expect([ids(state.shown), ids(state.held)]).toEqual(['ba', 'edc']);
    expect(ids(lineList(state, { type: 'top' }).shown)).toBe('edcba');
  });

  it('begins anew when more came in than a page holds', () => {
    expect(ids(run(head('ba', '1'), head('zyx', '2')).shown)).toBe('zyx');
  });

  it('begins anew with another question', () => {
    const state = run(head('ba'), { type: 'head', question: 'other', page: page('a'), atTop: false });
    expect([ids(state.shown), state.question]).toEqual(['a', 'other']);
  });

  it('takes a tail oldest first, each line once, and counts what was dropped', () => {
    const state = run(head('a'), tail('bc', true, 3), tail('cd', true, 2));
    expect([ids(state.shown), state.dropped]).toEqual(['dcba', 5]);
  });

  it('ignores a tail before the first answer', () => {
    expect(run(tail('a'))).toBe(emptyList);
  });

  it('is bounded: beyond the bound there is nothing further to load', () => {
    const many = Array.from({ length: maxLines }, (_, i) => ({ id: `x${i}` }));
    const state = run(head('a', '1'), {
      type: 'older',
      question: 'q',
      cursor: '1',
      page: { items: many, nextCursor: '2' },
    });
    expect(state.cursor).toBeNull();
    expect(run(head('a', '1'), { ...tail(''), lines: many } as LineEvent<Line>).shown).toHaveLength(maxLines);
  });

  it('does not lead from new lines to old ones over a hole', () => {
    const many = Array.from({ length: 6000 }, (_, i) => ({ id: `x${i}` }));
    const state = run(head('a', '1'), { ...tail('', false), lines: many } as LineEvent<Line>, {
      type: 'top',
    });
    expect(state.shown).toHaveLength(5000);
    expect(state.shown[0]).toEqual({ id: 'x5999' });
    expect(state.cursor).toBeNull();
  });
});
