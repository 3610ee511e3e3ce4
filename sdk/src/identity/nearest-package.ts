import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Package {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** Directories above the entry that are looked at; deeper trees are no honest layout. */
const maxLevels = 30;

/**
 * The nearest package.json with a name, from the directory upwards. Those without one only mark a directory as
 * CommonJS or ES modules. Unreadable files are passed over: telemetry never breaks the app.
 */
export function nearestPackage(directory: string): Package | undefined {
  let at = directory;
  for (let level = 0; level < maxLevels; level++) {
    const found = readPackage(join(at, 'package.json'));
    if (found?.name !== undefined) return found;
    const above = dirname(at);
    if (above === at) return undefined;
    at = above;
  }
  return undefined;
}

function readPackage(file: string): Package | undefined {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const { name, version } = parsed as { name?: unknown; version?: unknown };
    return { name: text(name), version: text(version) };
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
