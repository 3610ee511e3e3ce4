import { optionalText, optionalWord, type RawSearch } from '../../shell/search.js';

export const feedbackFilters = ['open', 'closed', 'all'] as const;
export const ratingFilters = ['1-2', '3', '4-5'] as const;

export interface FeedbackSearch {
  state?: (typeof feedbackFilters)[number] | undefined;
  rating?: (typeof ratingFilters)[number] | undefined;
  service?: string | undefined;
  version?: string | undefined;
  environment?: string | undefined;
  /** Part of the page's address. */
  page?: string | undefined;
  /** Only what is in this group. */
  group?: string | undefined;
  query?: string | undefined;
  /** The feedback that is open on the right. */
  id?: string | undefined;
}

export function validateFeedbackSearch(search: RawSearch): FeedbackSearch {
  return {
    state: optionalWord(search['state'], feedbackFilters),
    rating: optionalWord(search['rating'], ratingFilters),
    service: optionalText(search['service'], 200),
    version: optionalText(search['version'], 200),
    environment: optionalText(search['environment'], 200),
    page: optionalText(search['page'], 500),
    group: optionalText(search['group'], 64),
    query: optionalText(search['query'], 1000),
    id: optionalText(search['id'], 64),
  };
}
