/** Lines that came in since the list was loaded, newest first. */
export interface FreshLines<Line> {
  readonly shown: readonly Line[];
  /** Came in while the reader was further down. */
  readonly held: readonly Line[];
  /** The server could not send them all. */
  readonly dropped: number;
  /** Older ones were let go to keep the page light: what is loaded below no longer follows on. */
  readonly trimmed: boolean;
}

export const noFreshLines: FreshLines<never> = { shown: [], held: [], dropped: 0, trimmed: false };
const most = 5000;

/** Takes in lines, newest first. They show at once only while the reader is at the top. */
export function arrive<Line extends { readonly id: string }>(
  state: FreshLines<Line>,
  lines: readonly Line[],
  options: { readonly atTop: boolean; readonly dropped?: number },
): FreshLines<Line> {
  const known = new Set([...state.held, ...state.shown].map((line) => line.id));
  const news = lines.filter((line) => !known.has(line.id));
  const dropped = state.dropped + (options.dropped ?? 0);
  if (news.length === 0 && dropped === state.dropped) return state;
  const held = [...news, ...state.held];
  return options.atTop
    ? bounded({ ...state, shown: [...held, ...state.shown], held: [], dropped })
    : bounded({ ...state, held, dropped });
}

/** The reader came to the top: what was held shows. */
export function release<Line>(state: FreshLines<Line>): FreshLines<Line> {
  if (state.held.length === 0) return state;
  return bounded({ ...state, shown: [...state.held, ...state.shown], held: [] });
}

function bounded<Line>(state: FreshLines<Line>): FreshLines<Line> {
  if (state.shown.length <= most && state.held.length <= most) return state;
  return { ...state, shown: state.shown.slice(0, most), held: state.held.slice(0, most), trimmed: true };
}

/** Fresh lines over the loaded ones, each once. */
export function joinLines<Line extends { readonly id: string }>(
  fresh: FreshLines<Line>,
  loaded: readonly Line[],
): readonly Line[] {
  if (fresh.shown.length === 0) return loaded;
  if (fresh.trimmed) return fresh.shown;
  const known = new Set(fresh.shown.map((line) => line.id));
  return [...fresh.shown, ...loaded.filter((line) => !known.has(line.id))];
}
