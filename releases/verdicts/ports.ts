import type { ReleaseView } from '../views.js';
import type { VerdictBrief } from '../../src/http/contract/verdicts.js';

/** What telemetry knows of a release: `createReleaseData(reader)`. */
export type { ReleaseData } from '../../src/query/releases/release-data.js';

/** Tells the browsers that are watching. */
export interface Live {
  emit(event: 'release', payload: ReleaseView & { verdict: VerdictBrief }): void;
}

/** `releases` of the configuration; times in ms. */
export interface VerdictsConfig {
  readonly bakeTime: number;
  readonly minRequests: number;
  readonly grace: number;
}
