/** Runs once before the suite. */
export function setup(): void {
  // Each file starts what it needs itself; nothing is shared between files.
}
