import type { Release } from '../../../../src/http/contract/changes.js';
import type { List } from '../../../../src/http/contract/common.js';
import { useApi } from '../../api/use-api.js';

/** The last releases: asked once for the list of them and for the verdicts of what runs now. */
export function useReleases() {
  return useApi<List<Release>>('/api/releases', { from: 'now-30d', limit: 100 });
}

/** The release of this version there; undefined when it is older than what was asked for, or not known. */
export function releaseOf(
  releases: readonly Release[],
  { service, environment, version }: Pick<Release, 'service' | 'environment' | 'version'>,
): Release | undefined {
  return releases.find(
    (release) =>
      release.service === service && release.version === version && release.environment === environment,
  );
}
