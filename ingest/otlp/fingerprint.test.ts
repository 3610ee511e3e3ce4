import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../test/support/shared-data.js';
import { Fingerprinter } from './fingerprint.js';

const fingerprinter = new Fingerprinter();
function of(text: string): string {
  const bytes = Buffer.from(text);
  fingerprinter.of(bytes, 0, bytes.length);
  return `${fingerprinter.hi.toString(16)}-${fingerprinter.lo.toString(16)}`;
}

describe('Fingerprinter', () => {
  it.each([
    ['numbers', 'took 12 ms', 'took 4711 ms'],
    ['addresses', 'from 10.0.0.1:80 to /1.2.3.4', 'from 192.168.17.3:4411 to /9.9.9.9'],
    [
      'uuids',
      'order 6f1c7b1a-93d4-4b1e-9d3c-1f2e3d4c5b6a done',
      'order 00000000-93d4-4b1e-9d3c-aaaaaaaaaaaa done',
    ],
    ['lists of any length', 'ids 1, 2, 3 gone', 'ids 7 gone'],
    ['what follows =', 'login user=root ok', 'login user=ada ok'],
    ['blanks', 'a  b', 'a b'],
  ])('masks %s', (_, a, b) => {
    expect(of(a)).toBe(of(b));
  });

  it.each([
    ['words', 'cart opened', 'cart closed'],
    ['order', 'a b', 'b a'],
    ['where words end', 'ab c', 'a bc'],
    ['punctuation', 'a (b)', 'a [b]'],
    ['a mask and nothing', 'took 5 ms', 'took ms'],
    ['keys', 'user=root', 'group=root'],
  ])('tells apart: %s', (_, a, b) => {
    expect(of(a)).not.toBe(of(b));
  });

  it('is stable: stored data depends on it (version 1)', () => {
    expect(of('request 17 to /api/cart finished in 3 ms')).toBe('4b64ac49-3c182205');
    expect(of('')).toBe('0-0');
  });

  it('does not let different sentences meet', () => {
    const seen = new Map<string, string>();
    const words = fc.array(fc.constantFrom('get', 'put', 'cart', 'user', 'failed', 'ok', 'db', 'x'), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(words, (list) => {
        const text = list.join(' ');
        const hash = of(text);
        expect(seen.get(hash) ?? text).toBe(text);
        seen.set(hash, text);
      }),
      { seed: 1, numRuns: 20_000 },
    );
  });
});

const loghub = sharedData('loghub');

/** Lines of a CSV file of Loghub: quoted fields may hold commas and doubled quotes. */
function* csv(text: string): Generator<string[]> {
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    yield [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
    );
  }
}

/** The share of lines whose group holds exactly the lines of their true template. */
function groupingAccuracy(file: string): number {
  const [header, ...rows] = csv(readFileSync(file, 'utf8'));
  const content = header!.indexOf('Content');
  const template = header!.indexOf('EventTemplate');
  const groups = new Map<string, Set<string>>();
  const sizes = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const hash = of(row[content]!);
    const truth = row[template]!;
    groups.set(hash, (groups.get(hash) ?? new Set()).add(truth));
    sizes.set(hash, (sizes.get(hash) ?? 0) + 1);
    counts.set(truth, (counts.get(truth) ?? 0) + 1);
  }
  let right = 0;
  for (const [hash, truths] of groups) {
    const [truth] = truths;
    if (truths.size === 1 && counts.get(truth!) === sizes.get(hash)) right += sizes.get(hash)!;
  }
  return right / rows.length;
}

describe.skipIf(loghub === undefined)('grouping accuracy on Loghub-2k (corrected)', () => {
  it('is that of a stateless one-pass method: good where variables have digits, poor where they are names', () => {
    const names = readdirSync(loghub!, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
    const scores = names.map((name) =>
      groupingAccuracy(join(loghub!, name, `${name}_2k.log_structured_corrected.csv`)),
    );
    console.log(names.map((name, i) => `${name} ${scores[i]!.toFixed(3)}`).join(', '));
    const average = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    expect(average).toBeGreaterThan(0.84);
  });
});
