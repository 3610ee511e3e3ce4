/** A version of a service that is in charge in an environment now. */
export interface CurrentVersion {
  readonly service: string;
  /** Empty when unknown. */
  readonly environment: string;
  readonly version: string;
  /** Unix milliseconds of its deploy, or of the first signal that carried it. */
  readonly since: number | null;
}

/** Filled by releases. What it does not know is taken from telemetry. */
export interface CurrentVersions {
  current(environment: string | undefined): Promise<readonly CurrentVersion[]>;
}

export interface OpenIncident {
  readonly service: string;
  /** Empty: of any environment. */
  readonly environment: string;
  readonly severity: string;
}

/** Filled by alerts: incidents that are open or acknowledged. */
export interface OpenIncidents {
  open(): Promise<readonly OpenIncident[]>;
}

/** Filled by planning: how many problems there are. */
export interface OpenProblems {
  counts(): Promise<{ readonly ever: number; readonly active: number; readonly regressed: number }>;
}
