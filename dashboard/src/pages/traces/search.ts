import { optionalText, optionalWord, type RawSearch } from '../../shell/search.js';

export const traceStatuses = ['ok', 'error'] as const;
export const traceSorts = ['newest', 'slowest'] as const;

/** What is searched for; all of it stands in the URL. */
export interface TracesSearch {
  service?: string | undefined;
  operation?: string | undefined;
  status?: (typeof traceStatuses)[number] | undefined;
  environment?: string | undefined;
  query?: string | undefined;
  /** `250ms`, `1.5s` */
  minDuration?: string | undefined;
  maxDuration?: string | undefined;
  sort?: (typeof traceSorts)[number] | undefined;
}

export function validateTracesSearch(search: RawSearch): TracesSearch {
  return {
    service: optionalText(search['service'], 200),
    operation: optionalText(search['operation'], 1000),
    status: optionalWord(search['status'], traceStatuses),
    environment: optionalText(search['environment'], 200),
    query: optionalText(search['query']),
    minDuration: optionalText(search['minDuration'], 32),
    maxDuration: optionalText(search['maxDuration'], 32),
    sort: optionalWord(search['sort'], traceSorts),
  };
}

export interface TraceSearch {
  /** The span whose panel is open: its key in the tree. */
  span?: string | undefined;
  tab?: 'logs' | undefined;
  /** `1`: spans of services whose clocks differ are moved into their parents. */
  adjust?: '1' | undefined;
}

export function validateTraceSearch(search: RawSearch): TraceSearch {
  return {
    span: optionalText(search['span'], 200),
    tab: optionalWord(search['tab'], ['logs'] as const),
    adjust: optionalWord(search['adjust'], ['1'] as const),
  };
}
