import { isMap, isPair, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from '../../src/lib/did-you-mean.js';
import { fingerprint } from '../state/fingerprint.js';
import { kinds, type AnyKind } from './kinds/registry.js';
import type { CommonRule } from './kinds/kind.js';
import type { Rule } from './rule.js';
import { RuleFile } from './schema.js';

/** A mistake in a rule file, for the person who wrote it. Line and column count from 1. */
export interface RuleFileError {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

export interface ParsedRuleFile {
  readonly rules: readonly Rule[];
  /** All mistakes, not just the first; with any the rules must not be used. */
  readonly errors: readonly RuleFileError[];
}

type Path = readonly PropertyKey[];

/** What a file and its groups may have. */
const fileFields = ['groups', 'name', 'interval', 'rules'];

/** Parses one rule file. Pure, never throws: whatever the text is, the answer says what is wrong with it. */
export function parseRuleFile(
  file: string,
  text: string,
  defaults: { readonly intervalMs: number },
): ParsedRuleFile {
  const source = new Source(file, text);
  const input = source.read();
  if (source.errors.length > 0) return { rules: [], errors: source.errors };
  const parsed = RuleFile.safeParse(input);
  if (!parsed.success) {
    source.report(parsed.error.issues, [], fileFields);
    return { rules: [], errors: source.errors };
  }
  const rules: Rule[] = [];
  for (const [g, group] of parsed.data.groups.entries()) {
    for (const [r, entry] of group.rules.entries()) {
      const path = ['groups', g, 'rules', r];
      const found = parseRule(source, entry, path);
      if (found === undefined) continue;
      const intervalMs = group.interval ?? defaults.intervalMs;
      const line = source.position(path).line ?? 1;
      rules.push(buildRule(found, { file, line, group: group.name, intervalMs }));
    }
  }
  return source.errors.length > 0 ? { rules: [], errors: source.errors } : { rules, errors: [] };
}

function parseRule(
  source: Source,
  entry: unknown,
  path: Path,
): { kind: AnyKind; spec: CommonRule & Record<string, unknown> } | undefined {
  const name = typeof entry === 'object' && entry !== null && 'kind' in entry ? entry.kind : undefined;
  const kind = typeof name === 'string' ? kinds.get(name) : undefined;
  if (kind === undefined) {
    const known = [...kinds.keys()].join(', ');
    source.add(
      name === undefined ? path : [...path, 'kind'],
      name === undefined
        ? `a rule needs a kind: one of ${known}${hasExpression(entry) ? '; rules in PromQL (`expr`) cannot be read yet' : ''}`
        : `kind: ${show(name)} is not one of ${known}${typeof name === 'string' ? didYouMean(name, kinds.keys()) : ''}`,
    );
    return undefined;
  }
  const parsed = kind.schema.safeParse(entry);
  if (parsed.success) return { kind, spec: parsed.data };
  source.report(parsed.error.issues, path, kind.fields);
  return undefined;
}

function hasExpression(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'expr' in entry;
}

function buildRule(
  { kind, spec }: { readonly kind: AnyKind; readonly spec: CommonRule & Record<string, unknown> },
  place: {
    readonly file: string;
    readonly line: number;
    readonly group: string;
    readonly intervalMs: number;
  },
): Rule {
  const labels = { ...spec.labels, severity: spec.severity };
  return {
    ...place,
    id: fingerprint({ group: place.group, alert: spec.alert, labels: JSON.stringify(sorted(labels)) }),
    name: spec.alert,
    kind: kind.name,
    spec,
    expression: kind.describe(spec),
    threshold: kind.threshold(spec),
    whenGone: kind.gone(spec),
    forMs: spec.for,
    keepFiringForMs: spec.keepFiringFor,
    labels,
    annotations: spec.annotations,
  };
}

function sorted(labels: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}

/** The text of a rule file, and where in it things are. */
class Source {
  readonly errors: RuleFileError[] = [];
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(file: string, text: string) {
    this.#file = file;
    // Positions come from the nodes; YAML's own duplicate-key check is on.
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  read(): unknown {
    for (const { pos, message } of this.#document.errors) this.#addAt(pos[0], message);
    if (this.errors.length > 0) return undefined;
    try {
      // Bounded: a few lines of nested aliases could otherwise become gigabytes.
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      this.#addAt(0, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  add(path: Path, message: string): void {
    this.#addAt(this.#offset(path), message);
  }

  /** Every zod issue as a mistake with its place. */
  report(issues: readonly z.core.$ZodIssue[], base: Path, known: readonly string[]): void {
    // A key mistyped is why another is missing: first things first.
    const mistyped = issues.filter(({ code }) => code === 'unrecognized_keys');
    const others = issues.filter(({ code }) => code !== 'unrecognized_keys');
    for (const issue of [...mistyped, ...others]) {
      const path = [...base, ...issue.path];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          const near = didYouMean(key, known);
          this.#addAt(this.#keyOffset(path, key), `${named(path)}"${key}" is not known here${near}`);
        }
      } else if (issue.code === 'invalid_key') {
        const reason = issue.issues[0]?.message ?? issue.message;
        const key = String(path.at(-1));
        this.#addAt(this.#keyOffset(path.slice(0, -1), key), `label "${key}" ${reason}`);
      } else {
        this.add(path, `${named(path)}${this.#reason(path, issue.message)}`);
      }
    }
  }

  #reason(path: Path, message: string): string {
    if (path.length === 0) return 'the file must hold `groups:`, a list';
    if (!this.#document.hasIn(path)) return 'is missing';
    return message.replace(/^Invalid (input|option): /i, '');
  }

  position(path: Path): { line: number | null; column: number | null } {
    return this.#place(this.#offset(path));
  }

  #addAt(offset: number | undefined, message: string): void {
    this.errors.push({ file: this.#file, ...this.#place(offset), message });
  }

  #place(offset: number | undefined): { line: number | null; column: number | null } {
    if (offset === undefined) return { line: null, column: null };
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }

  /** Where the value at a path begins; of a missing one, where what should hold it begins. */
  #offset(path: Path): number | undefined {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      const start = (node as Node | null | undefined)?.range?.[0]; // getIn with keepScalar gives nodes.
      if (start !== undefined) return start;
    }
    return undefined;
  }

  #keyOffset(mapPath: Path, key: string): number | undefined {
    const map = mapPath.length === 0 ? this.#document.contents : this.#document.getIn(mapPath, true);
    if (!isMap(map)) return this.#offset(mapPath);
    const pair = map.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key,
    );
    return (pair?.key as Node | undefined)?.range?.[0] ?? this.#offset(mapPath); // The key is a scalar, see above.
  }
}

/** `above: ` for the field the path ends at; nothing for a place in a list. */
function named(path: Path): string {
  const last = path.findLast((part) => typeof part === 'string');
  return last === undefined || typeof path.at(-1) === 'number' ? '' : `${last}: `;
}
