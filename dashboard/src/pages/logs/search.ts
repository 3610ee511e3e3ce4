import { optionalText, type RawSearch } from '../../shell/search.js';

export interface LogsSearch {
  query?: string | undefined;
}

export function validateLogsSearch(search: RawSearch): LogsSearch {
  return { query: optionalText(search['query']) };
}
