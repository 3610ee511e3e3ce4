export interface ReleaseTables {
  readonly releases: never;
}
