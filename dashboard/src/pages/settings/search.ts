import { optionalText, optionalWord, type RawSearch } from '../../shell/search.js';
import { ruleFilters, type RuleFilter } from './rules/rule-states.js';

export interface SettingsSearch {
  /** Which rules the alerting tab shows. */
  rules?: RuleFilter | undefined;
  /** Which messages: those to one notifier, those that failed or wait. */
  notifier?: string | undefined;
  sent?: 'failed' | 'pending' | undefined;
}

export function validateSettingsSearch(search: RawSearch): SettingsSearch {
  return {
    rules: optionalWord(search['rules'], ruleFilters),
    notifier: optionalText(search['notifier'], 200),
    sent: optionalWord(search['sent'], ['failed', 'pending']),
  };
}
