/** Placeholder until the metrics decoder lands. */
export type Announcements = ReadonlySet<string>;
export interface SeriesRegistry {
  confirm(announcements: Announcements): void;
}
export function createSeriesRegistry(): SeriesRegistry {
  return { confirm: () => undefined };
}
