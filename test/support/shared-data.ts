import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Public test data that is no part of the project: `LEMNI_SHARED_DATA`, or `../shared/data`. Undefined when it
 * is not there; the tests that need it then say that they were left out.
 */
export function sharedData(name: string): string | undefined {
  const root = process.env['LEMNI_SHARED_DATA'] ?? '../shared/data';
  const path = join(root, name);
  if (existsSync(path)) return path;
  console.warn(`Left out: ${path} is not here (set LEMNI_SHARED_DATA to where the test data lies).`);
  return undefined;
}
