import { optionalText, optionalWord, type RawSearch } from '../../shell/search.js';

export const problemFilters = [
  'active',
  'open',
  'planned',
  'fixed',
  'regressed',
  'verified',
  'dismissed',
  'all',
] as const;
export type ProblemFilter = (typeof problemFilters)[number];

export interface ProblemsSearch {
  state?: ProblemFilter | undefined;
  service?: string | undefined;
}

export function validateProblemsSearch(search: RawSearch): ProblemsSearch {
  return {
    state: optionalWord(search['state'], problemFilters),
    service: optionalText(search['service'], 200),
  };
}
