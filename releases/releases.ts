import type { Logger } from 'pino';
import type { Clock } from '../src/lib/clock.js';
import { messageOf } from '../src/lib/errors.js';
import type { Change, Recorded } from '../src/model/changes.js';
import { isDeploy } from '../src/model/changes.js';
import type { Release } from '../src/model/releases.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { lastDeploy, type LastDeploy } from './last-deploy.js';
import type { ReleaseMetrics } from './metrics.js';
import type { Live, VersionsSeen } from './ports.js';
import type { Judgement } from './recognize.js';
import { recognizeDeploy, recordDeploy } from './record.js';
import { changeView, releaseView } from './views.js';
import { noteSeen } from './watch.js';

export interface ReleasesDeps {
  readonly state: StateDatabase;
  /** `versionsSeen(reader)`. */
  readonly seen: VersionsSeen;
  readonly live: Live;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ReleaseMetrics;
}

export interface Releases {
  /** Begins to watch telemetry for versions. */
  start(): void;
  /** Resolves when a pass that was under way is done. */
  stop(): Promise<void>;
  /** One look at telemetry, as the watch takes every ten seconds. */
  pass(): Promise<void>;
  recognize(change: Change): Promise<Judgement>;
  record(change: Change): Promise<Recorded>;
  lastDeploy(service: string, environment: string, at: number): Promise<LastDeploy | null>;
}

const watchEveryMs = 10_000;
/** A pass looks this far back: senders that retry and clocks that are behind bring minutes late. */
const lookBackMs = 15 * 60_000;
/** The first pass and one every hour look further, for what arrives much later. */
const deepLookBackMs = 7 * 86_400_000;
const deepEveryMs = 3_600_000;
const maxVersionsOfPass = 5000;

/** Releases from changes and from versions first seen in telemetry. */
export function createReleases(deps: ReleasesDeps): Releases {
  const stopping = new AbortController();
  let watching: Promise<void> = Promise.resolve();
  let deepAt = -Infinity;

  const pass = async (): Promise<void> => {
    const now = deps.clock.now();
    const deep = now - deepAt >= deepEveryMs;
    const versions = await deps.seen.since(now - (deep ? deepLookBackMs : lookBackMs), maxVersionsOfPass);
    const { changed, refused } = await noteSeen(deps.state, versions);
    if (deep) deepAt = now;
    if (refused > 0) deps.metrics.refused(refused);
    tell(changed);
  };

  const tell = (releases: readonly Release[]): void => {
    for (const release of releases) deps.live.emit('release', releaseView(release));
  };

  const watch = async (): Promise<void> => {
    let failing = false;
    while (!stopping.signal.aborted) {
      try {
        await pass();
        failing = false;
      } catch (error) {
        // One line when it begins to fail, not one every ten seconds; the metric counts each.
        deps.metrics.passFailed();
        if (!failing) deps.logger.warn({ err: messageOf(error) }, 'releases: telemetry could not be read');
        failing = true;
      }
      await deps.clock.sleep(watchEveryMs, stopping.signal);
    }
  };

  return {
    start: () => {
      watching = watch();
    },
    stop: async () => {
      stopping.abort();
      await watching;
    },
    pass,
    recognize: (change) =>
      isDeploy(change)
        ? recognizeDeploy(deps.state, change)
        : Promise.resolve<Judgement>({ kind: 'store', change }),
    record: async (change) => {
      if (!isDeploy(change)) {
        deps.live.emit('change', changeView(change));
        return { id: change.id, releaseId: '', duplicate: false };
      }
      const { recorded, changed } = await deps.state
        .transaction()
        .execute((transaction) => recordDeploy(transaction, change));
      if (recorded.duplicate) return recorded;
      deps.live.emit('change', changeView(change));
      tell(changed);
      return recorded;
    },
    lastDeploy: (service, environment, at) => lastDeploy(deps.state, service, environment, at),
  };
}
