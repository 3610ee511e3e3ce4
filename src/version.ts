import { readFileSync } from 'node:fs';

/** The version in package.json, which lies beside `dist/` in a build and two floors up in the sources. */
export function readVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const read: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      if (
        typeof read === 'object' &&
        read !== null &&
        'name' in read &&
        read.name === 'lemni' &&
        'version' in read
      ) {
        return String(read.version);
      }
    } catch {
      // The other place, then.
    }
  }
  return 'unknown';
}
