import { optionalText, optionalWord, type RawSearch } from '../../shell/search.js';

export const incidentFilters = ['active', 'open', 'acknowledged', 'resolved', 'all'] as const;

export interface IncidentsSearch {
  state?: (typeof incidentFilters)[number] | undefined;
  service?: string | undefined;
}

export function validateIncidentsSearch(search: RawSearch): IncidentsSearch {
  return {
    state: optionalWord(search['state'], incidentFilters),
    service: optionalText(search['service'], 200),
  };
}
