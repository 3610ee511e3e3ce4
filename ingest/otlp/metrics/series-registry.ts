import { LRUCache } from 'lru-cache';

/** The series that one kind of data point becomes: one for a gauge, a dozen for a histogram. */
export interface SeriesGroup {
  /** The rest of the 64-bit key, which does not fit into the cache's number. */
  readonly check: number;
  /** The halves of each series' id, low before high. */
  readonly ids: Uint32Array;
  /** Bucket bounds or quantiles, which are labels of these series. */
  readonly bounds: readonly number[];
  /** When the rows of metric_series were last known to be stored, in Unix milliseconds. */
  announcedAt: number;
}

/** What one request announced; it counts once the store has it. */
export interface Announcements {
  readonly groups: Iterable<SeriesGroup>;
  readonly at: number;
}

/**
 * Remembers which series the store knows, so that most samples come without their series' row. Bounded: what
 * falls out is announced again, which does no harm.
 */
export interface SeriesRegistry {
  get(lo: number, hi: number): SeriesGroup | undefined;
  set(lo: number, hi: number, group: Omit<SeriesGroup, 'check' | 'announcedAt'>): SeriesGroup;
  /** True when the group's rows must be written (again) at this time. */
  isDue(group: SeriesGroup, now: number): boolean;
  /** To be called when the store has taken the rows, and only then. */
  confirm(announcements: Announcements): void;
}

export interface SeriesRegistryOptions {
  /** Groups that are remembered; about 300 bytes each. */
  readonly max?: number;
  /** A series is announced again after this many milliseconds: SeenAt tells which series are alive. */
  readonly announceEveryMs?: number;
}

export function createSeriesRegistry(options: SeriesRegistryOptions = {}): SeriesRegistry {
  const { max = 200_000, announceEveryMs = 3_600_000 } = options;
  const groups = new LRUCache<number, SeriesGroup>({ max });
  return {
    get(lo, hi) {
      const found = groups.get(keyOf(lo, hi));
      return found?.check === hi >>> 21 ? found : undefined;
    },
    set(lo, hi, group) {
      const entry: SeriesGroup = { ...group, check: hi >>> 21, announcedAt: Number.NEGATIVE_INFINITY };
      groups.set(keyOf(lo, hi), entry);
      return entry;
    },
    isDue: (group, now) => now - group.announcedAt >= announceEveryMs,
    confirm(announcements) {
      for (const group of announcements.groups) group.announcedAt = announcements.at;
    },
  };
}

/** 53 of the 64 bits: the most that a number holds. */
function keyOf(lo: number, hi: number): number {
  return (hi & 0x1f_ffff) * 0x1_0000_0000 + lo;
}
