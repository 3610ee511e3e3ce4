/**
 * When the service with this number was deployed, Unix ms. Those that fail since then: half a minute apart, the last
 * 35 min ago, so that the bake time is over and the incident is near; the others ten minutes apart, over the day.
 */
export function deployedAt(service: number, now: number, failingEvery: number): number {
  return service % failingEvery === 0
    ? now - 35 * 60_000 - (service / failingEvery) * 30_000
    : now - 2 * 3_600_000 - service * 600_000;
}
