import { optionalText, optionalWord, type RawSearch } from '../../shell/search.js';

export const logViews = ['lines', 'patterns'] as const;
export type LogView = (typeof logViews)[number];

/** Everything the page shows, so that its URL is a link to it. */
export interface LogsSearch {
  query?: string | undefined;
  view?: LogView | undefined;
  /** The line whose panel is open. */
  id?: string | undefined;
  /** Fields shown beside time, severity and message, separated by commas. */
  columns?: string | undefined;
  /** `1`: lines come in as they are received. */
  tail?: string | undefined;
  /** What the panel shows; its attributes when left out. */
  panel?: 'context' | undefined;
}

export function validateLogsSearch(search: RawSearch): LogsSearch {
  return {
    query: optionalText(search['query']),
    view: optionalWord(search['view'], logViews),
    id: optionalText(search['id'], 1000),
    columns: optionalText(search['columns'], 1000),
    tail: optionalWord(search['tail'], ['1']),
    panel: optionalWord(search['panel'], ['context'] as const),
  };
}
