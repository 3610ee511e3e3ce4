/** Something that was done to the system, in CDEvents' vocabulary. Times are Unix milliseconds. */
export interface Change {
  /** The same id told again is the same change. */
  readonly id: string;
  /** When it took effect: finished, else started, else received. Never later than `receivedAt`. */
  readonly at: number;
  readonly type: string;
  readonly service: string;
  /** Empty when unknown, as are version, commit, url and actor. */
  readonly environment: string;
  readonly version: string;
  readonly status: ChangeStatus;
  readonly commit: string;
  readonly url: string;
  readonly actor: string;
  /** Where it was told: api, github, telemetry, ... */
  readonly source: string;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly commits: readonly Commit[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly receivedAt: number;
  /** Problems that this change means to fix. */
  readonly fixes: readonly string[];
  /** Set when the sender gave no id: what the change says, hashed, so that a repetition is recognized. */
  readonly fingerprint: string;
}

export type ChangeStatus = 'started' | 'succeeded' | 'failed' | 'canceled';

export interface Commit {
  readonly sha: string;
  readonly message?: string | undefined;
  readonly author?: string | undefined;
  readonly url?: string | undefined;
  /** RFC 3339. */
  readonly at?: string | undefined;
}

const deployTypes: ReadonlySet<string> = new Set([
  'service.deployed',
  'service.upgraded',
  'service.rolledback',
]);

/** Whether the change put a version of a service somewhere: only these make releases. */
export function isDeploy(change: Pick<Change, 'type' | 'service' | 'version'>): boolean {
  return deployTypes.has(change.type) && change.service !== '' && change.version !== '';
}

/** What the changes' ledger made of a deploy. */
export interface Recorded {
  /** The id it is kept under: the sender's, or the one that it was recognized by. */
  readonly id: string;
  /** Empty when the change makes no release. */
  readonly releaseId: string;
  readonly duplicate: boolean;
}
