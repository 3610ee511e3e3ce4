/** Which deliveries were worked off: GitHub sends again on request, and proxies repeat. */
export interface Deliveries {
  seen(source: string, id: string): Promise<boolean>;
  /** Called when the work is done and durable, so that a delivery that failed can be sent again. */
  remember(source: string, id: string, at: number): Promise<void>;
}
