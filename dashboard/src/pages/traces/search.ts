import { optionalText, type RawSearch } from '../../shell/search.js';

export interface TracesSearch {
  service?: string | undefined;
  operation?: string | undefined;
  status?: string | undefined;
  environment?: string | undefined;
  query?: string | undefined;
}

export function validateTracesSearch(search: RawSearch): TracesSearch {
  return {
    service: optionalText(search['service']),
    operation: optionalText(search['operation']),
    status: optionalText(search['status']),
    environment: optionalText(search['environment']),
    query: optionalText(search['query']),
  };
}

export interface TraceSearch {
  span?: string | undefined;
}

export function validateTraceSearch(search: RawSearch): TraceSearch {
  return { span: optionalText(search['span']) };
}
