import { optionalText, type RawSearch } from '../../shell/search.js';

export interface ErrorsSearch {
  service?: string | undefined;
  environment?: string | undefined;
  /** Fingerprint of the group that a link points at. */
  group?: string | undefined;
}

export function validateErrorsSearch(search: RawSearch): ErrorsSearch {
  return {
    service: optionalText(search['service'], 200),
    environment: optionalText(search['environment'], 200),
    group: optionalText(search['group'], 20),
  };
}
