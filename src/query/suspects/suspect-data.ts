import type { TelemetryReader } from '../../store/telemetry/database.js';
import { listChanges, type ChangeRow } from '../changes.js';
import { firstSeen, type FirstSeenQuestion, type FirstSeenRow } from '../releases/first-seen.js';
import type { Range } from '../time-range.js';
import { otherServices, type OtherRow, type OthersQuestion } from './others.js';
import { ratingsByVersion, type RatingRow } from './ratings.js';
import { versionMinutes, type VersionMinuteRow, type VersionMinutesQuestion } from './version-minutes.js';

/** What telemetry knows around an incident: the answer to SuspectData in releases/suspects/ports.ts. */
export interface SuspectData {
  minutes(question: VersionMinutesQuestion): Promise<readonly VersionMinuteRow[]>;
  others(question: OthersQuestion): Promise<readonly OtherRow[]>;
  ratings(question: Range & { readonly services: readonly string[] }): Promise<readonly RatingRow[]>;
  firstSeen(question: FirstSeenQuestion): Promise<readonly FirstSeenRow[]>;
  /** Changes of configuration and flags. */
  modified(question: Range): Promise<readonly ChangeRow[]>;
}

export function createSuspectData(reader: TelemetryReader): SuspectData {
  return {
    minutes: (question) => versionMinutes(reader, question),
    others: (question) => otherServices(reader, question),
    ratings: (question) => ratingsByVersion(reader, question),
    firstSeen: (question) => firstSeen(reader, question),
    modified: ({ fromMs, toMs }) =>
      listChanges(reader, { type: 'environment.modified', from: fromMs, to: toMs, limit: 50 }),
  };
}
