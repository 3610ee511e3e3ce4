import { existsSync, readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from '../src/lib/did-you-mean.js';
import { BadInput } from '../src/lib/errors.js';
import { Secret } from '../src/lib/secret.js';
import { ConfigSchema, type Config } from './schema.js';

/** One mistake in the configuration: what, where, and what to do. */
export interface ConfigMistake {
  /** The option's path, e.g. `writer.maxDelay`. */
  readonly option: string;
  /** `lemni.yaml:12`, `LEMNI_PORT`, `--port`. */
  readonly source: string;
  readonly message: string;
}

/** Every mistake at once, as a text that a person can work through. */
export class ConfigError extends BadInput {
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    const lines = mistakes.map(
      ({ option, source, message }) => `  ${source}: ${option === '' ? '' : `${option}: `}${message}`,
    );
    super('bad_request', `The configuration is not right:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Options given on the command line, by path: `{ port: '4400' }`. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
}

/** Variables that are not options of the file. */
const otherVariables = new Set(['LEMNI_CONFIG', 'LEMNI_SHARED_DATA']);

type Plain = Record<string, unknown>;

/** The configuration: defaults, then the file, then LEMNI_* variables, then flags. Frozen. Throws ConfigError. */
export function loadConfig(sources: ConfigSources): Config {
  const variables = optionVariables();
  const file = readConfigFile(sources);
  const merged: Plain = file === undefined ? {} : structuredClone(file.values);
  const origin = new Map<string, string>();
  const mistakes: ConfigMistake[] = [];

  for (const [name, value] of Object.entries(sources.env)) {
    if (!name.startsWith('LEMNI_') || value === undefined || otherVariables.has(name)) continue;
    const path = variables.get(name);
    if (path === undefined) {
      mistakes.push({
        option: '',
        source: name,
        message: `is no option of Lemni${didYouMean(name, [...variables.keys()])}`,
      });
      continue;
    }
    setAt(merged, path, value);
    origin.set(path.join('.'), name);
  }
  for (const [option, value] of Object.entries(sources.flags ?? {})) {
    if (value === undefined) continue;
    setAt(merged, option.split('.'), value);
    origin.set(option, `--${option}`);
  }

  const result = ConfigSchema.safeParse(merged);
  if (!result.success)
    mistakes.push(...result.error.issues.flatMap((issue) => toMistakes(issue, origin, file)));
  if (mistakes.length > 0 || !result.success) throw new ConfigError(mistakes);
  return deepFreeze(result.data);
}

/** The environment of this process: the one place that reads it. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

interface ConfigFile {
  readonly path: string;
  readonly values: Plain;
  readonly document: Document;
  readonly lines: LineCounter;
}

function readConfigFile({ env, flags }: ConfigSources): ConfigFile | undefined {
  const named = flags?.['config'] ?? env['LEMNI_CONFIG'];
  const path = named ?? (existsSync('lemni.yaml') ? 'lemni.yaml' : undefined);
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const message = `cannot be read (${error instanceof Error ? error.message : String(error)})`;
    throw new ConfigError([{ option: '', source: path, message }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const source = `${path}:${lines.linePos(broken.pos[0]).line}`;
    throw new ConfigError([{ option: '', source, message: broken.message.split('\n')[0] ?? 'is not YAML' }]);
  }
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ConfigError([
      { option: '', source: `${path}:1`, message: 'is not a list of options (`name: value`)' },
    ]);
  }
  return { path, values: values as Plain, document, lines }; // An object, by the check above.
}

function toMistakes(
  issue: z.core.$ZodIssue,
  origin: Map<string, string>,
  file: ConfigFile | undefined,
): ConfigMistake[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(path);
    return issue.keys.map((key) => ({
      option: [...path, key].join('.'),
      source: sourceOf([...path, key], origin, file),
      message: `is no option of Lemni${didYouMean(key, known)}`,
    }));
  }
  return [{ option: path.join('.'), source: sourceOf(path, origin, file), message: issue.message }];
}

function sourceOf(
  path: readonly string[],
  origin: Map<string, string>,
  file: ConfigFile | undefined,
): string {
  const given = origin.get(path.join('.'));
  if (given !== undefined) return given;
  if (file === undefined) return 'configuration';
  return `${file.path}:${lineOf(path, file)}`;
}

/** The line of an option, or of the deepest part of its path that the file has. */
function lineOf(path: readonly string[], { document, lines }: ConfigFile): number {
  let line = 1;
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    if (pair === undefined) break;
    if (isScalar(pair.key) && pair.key.range) line = lines.linePos(pair.key.range[0]).line;
    node = pair.value;
  }
  return line;
}

/** `LEMNI_CLICKHOUSE_URL` for `clickhouse.url`, for every option that holds one value or a list of words. */
export function optionVariables(): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (isPlain(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
      return;
    }
    if (Array.isArray(value) || isPlain(value)) return;
    const name = path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_');
    names.set(`LEMNI_${name}`, path);
  };
  visit(ConfigSchema.parse({}), []);
  return names;
}

function knownKeysAt(path: readonly string[]): string[] {
  let value: unknown = ConfigSchema.parse({});
  for (const step of path) value = isPlain(value) ? value[step] : undefined;
  return isPlain(value) ? Object.keys(value) : [];
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

function setAt(target: Plain, path: readonly string[], value: string): void {
  let place = target;
  for (const step of path.slice(0, -1)) {
    const next = place[step];
    if (isPlain(next)) place = next;
    else place = place[step] = {};
  }
  const last = path.at(-1);
  if (last !== undefined) place[last] = value === 'true' ? true : value === 'false' ? false : value;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Secret)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
