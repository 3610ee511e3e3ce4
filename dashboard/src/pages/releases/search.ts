import { optionalText, type RawSearch } from '../../shell/search.js';

export interface ReleasesSearch {
  service?: string | undefined;
  environment?: string | undefined;
}

export function validateReleasesSearch(search: RawSearch): ReleasesSearch {
  return {
    service: optionalText(search['service'], 200),
    environment: optionalText(search['environment'], 200),
  };
}
