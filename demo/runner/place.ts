import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, from demo/runner as it lies there and as it lies built in dist/. */
export const root = rootOf(dirname(fileURLToPath(import.meta.url)));
export const services = join(root, 'dist/demo/services');

function rootOf(directory: string): string {
  let at = directory;
  while (!existsSync(join(at, 'bin/lemni'))) {
    const above = dirname(at);
    if (above === at) throw new Error('bin/lemni is not above the demo: run it from the repository.');
    at = above;
  }
  return at;
}
