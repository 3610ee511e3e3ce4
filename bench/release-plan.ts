/** When the service with this number was deployed, Unix ms: one every ten minutes, the last two hours ago. */
export function deployedAt(service: number, now: number): number {
  return now - 2 * 3_600_000 - service * 600_000;
}
