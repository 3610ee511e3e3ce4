/** Times are Unix milliseconds; JSON is text. */
export interface SuspectTables {
  readonly incident_suspects: IncidentSuspectsTable;
  readonly incident_suspect_releases: IncidentSuspectReleasesTable;
}

/** Who may have caused an incident: one row an incident, judged last. It may be written before the incident is. */
export interface IncidentSuspectsTable {
  readonly incident_id: string;
  judged_at: number;
  /** JSON of the most probable one: src/http/contract/suspects.ts, SuspectBrief. */
  brief: string;
  /** JSON of all of them: Suspect[], most probable first. */
  suspects: string;
}

/** The releases among them, so that a release can be asked what it is suspected of. */
export interface IncidentSuspectReleasesTable {
  readonly incident_id: string;
  readonly release_id: string;
  readonly probability: number;
}
