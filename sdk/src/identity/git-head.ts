import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

export interface GitHead {
  readonly commit: string | undefined;
  readonly branch: string | undefined;
}

const none: GitHead = { commit: undefined, branch: undefined };
const maxLevels = 30;

/**
 * The commit that is checked out above a directory, read from git's own files: starting git would take its time
 * at every start, and production images rarely have it. Knows work trees and submodules (`gitdir:`) and packed
 * refs; anything else is simply not found.
 */
export function gitHead(directory: string): GitHead {
  try {
    const gitDir = findGitDir(directory);
    if (gitDir === undefined) return none;
    const head = read(join(gitDir, 'HEAD'))?.trim() ?? '';
    const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
    if (ref === undefined) return isCommit(head) ? { commit: head, branch: undefined } : none;
    const common = commonDir(gitDir);
    const commit = read(join(gitDir, ref))?.trim() ?? read(join(common, ref))?.trim() ?? packed(common, ref);
    return { commit: isCommit(commit) ? commit : undefined, branch: ref.replace(/^refs\/heads\//, '') };
  } catch {
    return none;
  }
}

function findGitDir(directory: string): string | undefined {
  let at = directory;
  for (let level = 0; level < maxLevels; level++) {
    const place = join(at, '.git');
    const stat = statSync(place, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return place;
    if (stat?.isFile() === true) return linked(read(place) ?? '', at);
    const above = dirname(at);
    if (above === at) return undefined;
    at = above;
  }
  return undefined;
}

/** `gitdir: PATH`, in a work tree or a submodule. */
function linked(text: string, directory: string): string | undefined {
  const path = /^gitdir: (.+)$/m.exec(text)?.[1]?.trim();
  if (path === undefined) return undefined;
  return isAbsolute(path) ? path : join(directory, path);
}

function commonDir(gitDir: string): string {
  const text = read(join(gitDir, 'commondir'))?.trim();
  if (text === undefined || text === '') return gitDir;
  return isAbsolute(text) ? text : join(gitDir, text);
}

function packed(gitDir: string, ref: string): string | undefined {
  const line = read(join(gitDir, 'packed-refs'))
    ?.split('\n')
    .find((entry) => entry.endsWith(` ${ref}`));
  return line?.split(' ')[0];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** SHA-1 or SHA-256. */
function isCommit(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);
}
