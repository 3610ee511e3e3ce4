import { optionalText, type RawSearch } from '../../shell/search.js';

export interface MetricsSearch {
  name?: string | undefined;
}

export function validateMetricsSearch(search: RawSearch): MetricsSearch {
  return { name: optionalText(search['name']) };
}
