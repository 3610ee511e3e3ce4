/** Which deliveries were worked off: GitHub sends again on request, and proxies repeat. */
export interface Deliveries {
  seen(source: string, id: string): Promise<boolean>;
  /** Called when the work is done and durable, so that a delivery that failed can be sent again. */
  remember(source: string, id: string, at: number): Promise<void>;
}

/** An issue that was closed or opened again. */
export interface IssueNews {
  /** `owner/name`. */
  readonly place: string;
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  /** Why it was closed, when somebody said. */
  readonly reason: 'completed' | 'not_planned' | 'duplicate' | null;
  /** Unix milliseconds. */
  readonly updatedAt: number;
  /** Who did it; empty when unknown. */
  readonly actor: string;
}

/** Who wants to know of issues: resolves when it is durable. */
export interface Issues {
  told(news: IssueNews): Promise<void>;
}
