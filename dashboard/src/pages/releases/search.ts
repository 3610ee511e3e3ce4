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

export interface ReleaseSearch {
  /** Id of the release to compare with; without it, what ran before. */
  with?: string | undefined;
}

export function validateReleaseSearch(search: RawSearch): ReleaseSearch {
  return { with: optionalText(search['with'], 200) };
}
