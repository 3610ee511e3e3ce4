import { optionalWord, type RawSearch } from '../../shell/search.js';
import { ruleFilters, type RuleFilter } from './rules/rule-states.js';

export interface SettingsSearch {
  /** Which rules the alerting tab shows. */
  rules?: RuleFilter | undefined;
}

export function validateSettingsSearch(search: RawSearch): SettingsSearch {
  return { rules: optionalWord(search['rules'], ruleFilters) };
}
