import type { List } from '../../../../src/http/contract/common.js';

/** The lines of one question, newest first, as they were loaded and as they came in since. */
export interface LineList<Line> {
  /** What was asked; lines of another question are never mixed in. Null before the first answer. */
  readonly question: string | null;
  readonly shown: readonly Line[];
  /** Came in while the reader was further down. */
  readonly held: readonly Line[];
  /** Where the older lines go on; null when there are none, or when those shown no longer lead to them. */
  readonly cursor: string | null;
  readonly partial: string | undefined;
  /** Lines of the live tail that did not fit its rate. */
  readonly dropped: number;
  /** Those of the lines shown that came in with the last change: they slide in. */
  readonly arrived: ReadonlySet<string>;
}

interface HasId {
  readonly id: string;
}

export type LineEvent<Line> =
  /** The newest page, asked for the first time or again. */
  | { readonly type: 'head'; readonly question: string; readonly page: List<Line>; readonly atTop: boolean }
  /** A page of older lines, asked for with `cursor`. */
  | { readonly type: 'older'; readonly question: string; readonly cursor: string; readonly page: List<Line> }
  /** Lines of the live tail, oldest first. */
  | {
      readonly type: 'tail';
      readonly question: string;
      readonly lines: readonly Line[];
      readonly dropped: number;
      readonly atTop: boolean;
    }
  | { readonly type: 'top' };

export const emptyList: LineList<never> = {
  question: null,
  shown: [],
  held: [],
  cursor: null,
  partial: undefined,
  dropped: 0,
  arrived: new Set(),
};

/** How many lines the page keeps: memory and the length of a scroll bar have an end. */
export const maxLines = 100_000;
const maxHeld = 5000;

export function lineList<Line extends HasId>(state: LineList<Line>, event: LineEvent<Line>): LineList<Line> {
  switch (event.type) {
    case 'head':
      return head(state, event);
    case 'older': {
      // An answer to a question that is no longer asked, or the same page twice.
      if (event.question !== state.question || event.cursor !== state.cursor) return state;
      const older = unknown(state, event.page.items);
      const shown = [...state.shown, ...older];
      const cursor = shown.length >= maxLines ? null : event.page.nextCursor;
      return { ...state, shown, cursor, arrived: new Set(), partial: event.page.partial ?? state.partial };
    }
    case 'tail': {
      if (event.question !== state.question) return state;
      const next = { ...state, dropped: state.dropped + event.dropped };
      return arrive(next, [...event.lines].reverse(), event.atTop);
    }
    case 'top':
      return state.held.length === 0 ? state : show(state, state.held);
  }
}

function head<Line extends HasId>(
  state: LineList<Line>,
  { question, page, atTop }: Extract<LineEvent<Line>, { type: 'head' }>,
): LineList<Line> {
  const fresh: LineList<Line> = {
    ...emptyList,
    question,
    shown: page.items,
    cursor: page.nextCursor,
    partial: page.partial,
  };
  if (state.question !== question || state.shown.length === 0) return fresh;
  const news = unknown(state, page.items);
  // Nothing in common: more came in between than a page holds, so the list begins anew.
  if (news.length === page.items.length && news.length > 0 && page.nextCursor !== null) return fresh;
  return arrive({ ...state, partial: page.partial }, news, atTop);
}

function arrive<Line extends HasId>(
  state: LineList<Line>,
  lines: readonly Line[],
  atTop: boolean,
): LineList<Line> {
  const news = unknown(state, lines);
  if (news.length === 0) return state;
  if (atTop) return show(state, [...news, ...state.held]);
  const held = [...news, ...state.held];
  // Held lines that were let go leave a hole: what was loaded before no longer follows on.
  return { ...state, held: held.slice(0, maxHeld) };
}

function show<Line extends HasId>(state: LineList<Line>, news: readonly Line[]): LineList<Line> {
  const hole = news.length >= maxHeld;
  const all = hole ? [...news] : [...news, ...state.shown];
  const cut = all.length > maxLines;
  return {
    ...state,
    shown: cut ? all.slice(0, maxLines) : all,
    held: [],
    arrived: new Set(news.map((line) => line.id)),
    cursor: hole || cut ? null : state.cursor,
  };
}

function unknown<Line extends HasId>(state: LineList<Line>, lines: readonly Line[]): readonly Line[] {
  const wanted = new Set(lines.map((line) => line.id));
  for (const line of state.held) wanted.delete(line.id);
  for (const line of state.shown) wanted.delete(line.id);
  return wanted.size === lines.length ? lines : lines.filter((line) => wanted.delete(line.id));
}
