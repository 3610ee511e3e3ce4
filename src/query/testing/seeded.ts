/** Runs of a property: the same ones every time, as many as a suite of seconds can bear. */
export function seeded(numRuns: number): { seed: number; numRuns: number } {
  return { seed: 20_261_122, numRuns };
}
