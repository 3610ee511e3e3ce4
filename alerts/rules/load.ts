import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../src/lib/errors.js';
import { matcher } from './glob.js';
import { parseRuleFile, type RuleFileError } from './rule-file.js';
import type { Rule } from './rule.js';

export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly errors: readonly RuleFileError[];
  readonly files: readonly string[];
}

const maxFileBytes = 1024 * 1024;
const maxFiles = 1000;

/**
 * Reads and checks every rule file. Rules of files without a mistake are there even when others have some; who
 * reloads decides whether to take them. Never throws.
 */
export async function checkRuleFiles(
  globs: readonly string[],
  options: { readonly intervalMs: number } = { intervalMs: 15_000 },
): Promise<RuleSet> {
  const { files, errors } = await findFiles(globs);
  const rules: Rule[] = [];
  for (const file of files) {
    const parsed = await readRuleFile(file, options);
    errors.push(...parsed.errors);
    rules.push(...parsed.rules);
  }
  const { unique, duplicates } = withoutDuplicates(rules);
  return { rules: unique, errors: [...errors, ...duplicates], files };
}

/** Changes when any of the files did, appeared or went: cheap enough to ask every few seconds. */
export async function rulesSignature(globs: readonly string[]): Promise<string> {
  const { files, errors } = await findFiles(globs);
  const states = await Promise.all(
    files.map(async (file) => {
      const info = await stat(file).catch(() => undefined);
      return `${file} ${info?.mtimeMs ?? 0} ${info?.size ?? 0} ${info?.ino ?? 0}`;
    }),
  );
  return [...states, ...errors.map(({ message }) => message)].join('\n');
}

async function readRuleFile(
  file: string,
  options: { readonly intervalMs: number },
): Promise<{ rules: readonly Rule[]; errors: readonly RuleFileError[] }> {
  try {
    const { size } = await stat(file);
    if (size > maxFileBytes) return { rules: [], errors: [atFile(file, 'is larger than 1 MiB: split it')] };
    return parseRuleFile(file, await readFile(file, 'utf8'), options);
  } catch (error) {
    return { rules: [], errors: [atFile(file, `cannot be read: ${messageOf(error)}`)] };
  }
}

/** The files that the patterns name, sorted; `*` and `?` are allowed in the last part of a path. */
async function findFiles(globs: readonly string[]): Promise<{ files: string[]; errors: RuleFileError[] }> {
  const files = new Set<string>();
  const errors: RuleFileError[] = [];
  for (const glob of globs) {
    const directory = dirname(glob);
    if (/[*?]/.test(directory)) {
      errors.push(atFile(glob, 'has * or ? in a directory: only the file name may have them'));
    } else if (/[*?]/.test(basename(glob))) {
      for (const name of await namesIn(directory, basename(glob))) files.add(join(directory, name));
    } else {
      files.add(glob);
    }
  }
  if (files.size > maxFiles) errors.push(atFile(globs.join(', '), `names more than ${maxFiles} files`));
  return { files: [...files].sort().slice(0, maxFiles), errors };
}

async function namesIn(directory: string, pattern: string): Promise<string[]> {
  const fits = matcher(pattern);
  // A directory that is not there holds no rules: the default pattern must not be an error.
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && fits(entry.name))
    .map(({ name }) => name);
}

function withoutDuplicates(rules: readonly Rule[]): { unique: Rule[]; duplicates: RuleFileError[] } {
  const first = new Map<string, Rule>();
  const duplicates: RuleFileError[] = [];
  for (const rule of rules) {
    const other = first.get(rule.id);
    if (other === undefined) first.set(rule.id, rule);
    else {
      duplicates.push({
        file: rule.file,
        line: rule.line,
        column: null,
        message: `alert "${rule.name}" of group "${rule.group}" is also at ${other.file}:${other.line} with the same labels: give one another name, severity or label`,
      });
    }
  }
  return { unique: [...first.values()], duplicates };
}

function atFile(file: string, message: string): RuleFileError {
  return { file, line: null, column: null, message };
}
