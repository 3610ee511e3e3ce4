import type { ChangeView, ReleaseView } from './views.js';

/** Tells the browsers that are watching. */
export interface Live {
  emit(event: 'change', payload: ChangeView): void;
  emit(event: 'release', payload: ReleaseView): void;
}

/** A version that telemetry carried. Unix milliseconds. */
export interface SeenVersion {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Reads which versions telemetry carried since a time: at most `limit`, the last seen first. */
export interface VersionsSeen {
  since(at: number, limit: number): Promise<SeenVersion[]>;
}
