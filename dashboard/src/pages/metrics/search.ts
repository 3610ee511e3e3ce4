import { optionalText, optionalWord, type RawSearch } from '../../shell/search.js';
import { aggregations, type Aggregation } from './aggregation.js';

/** The question the chart answers; all of it stands in the URL. */
export interface MetricsSearch {
  name?: string | undefined;
  aggregation?: Aggregation | undefined;
  /** Prometheus matchers: `{job="shop", code=~"5.."}`. */
  match?: string | undefined;
  /** Labels, separated by commas. */
  groupBy?: string | undefined;
  /** Part of a name, for the list. */
  find?: string | undefined;
}

export function validateMetricsSearch(search: RawSearch): MetricsSearch {
  return {
    name: optionalText(search['name'], 500),
    aggregation: optionalWord(search['aggregation'], aggregations),
    match: optionalText(search['match'], 5000),
    groupBy: optionalText(search['groupBy'], 1000),
    find: optionalText(search['find'], 200),
  };
}
