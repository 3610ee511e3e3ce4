import type { TelemetryReader } from '../../store/telemetry/database.js';
import { firstSeen, type FirstSeenQuestion, type FirstSeenRow } from './first-seen.js';
import { placesSeen, versionPresence } from './presence.js';
import type { PresenceQuestion, SeenPlace, VersionPresence } from './presence.js';
import { sideCounts, type SideCounts, type SideQuestion } from './side.js';

/** What telemetry knows of a release: the answer to ReleaseData in releases/verdicts/ports.ts. */
export interface ReleaseData {
  presence(question: PresenceQuestion): Promise<VersionPresence[]>;
  places(services: readonly string[], sinceMs: number): Promise<SeenPlace[]>;
  side(question: SideQuestion): Promise<SideCounts>;
  firstSeen(question: FirstSeenQuestion): Promise<FirstSeenRow[]>;
}

export function createReleaseData(reader: TelemetryReader): ReleaseData {
  return {
    presence: (question) => versionPresence(reader, question),
    places: (services, sinceMs) => placesSeen(reader, services, sinceMs),
    side: (question) => sideCounts(reader, question),
    firstSeen: (question) => firstSeen(reader, question),
  };
}
