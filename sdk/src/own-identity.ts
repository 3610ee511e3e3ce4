import { dirname, resolve } from 'node:path';
import { gitHead } from './identity/git-head.js';
import { findIdentity, type Identity } from './identity/identity.js';
import { nearestPackage } from './identity/nearest-package.js';
import { shared } from './shared.js';

/** What `register` found, or would find, for the process that asks. */
export function ownIdentity(): Identity {
  return shared()?.identity ?? identityOf(entryDirectory());
}

export function identityOf(directory: string): Identity {
  return findIdentity({
    env: process.env,
    nearestPackage: nearestPackage(directory),
    git: () => gitHead(directory),
  });
}

/** Of the file that the process began with; where it was started when there is none, as with `node -e`. */
export function entryDirectory(): string {
  const entry = process.argv[1];
  return entry === undefined ? process.cwd() : dirname(resolve(entry));
}
