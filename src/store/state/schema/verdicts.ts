/** Times are Unix milliseconds; JSON is text; booleans are 0 and 1. */
export interface VerdictTables {
  readonly release_verdicts: ReleaseVerdictsTable;
}

/** What a release did: one row a release, of the run that was judged last. */
export interface ReleaseVerdictsTable {
  readonly release_id: string;
  /** When the judged run began: a version that is deployed again later is judged again. */
  ran_from: number;
  /** healthy, degraded or inconclusive. */
  state: string;
  sentence: string;
  decided_at: number;
  /** When its bake time ends, or ended. */
  bake_until: number;
  /** When it is looked at once more; null: never again. */
  look_again_at: number | null;
  /** JSON of the whole judgement: src/http/contract/verdicts.ts, Verdict. */
  judgement: string;
}
