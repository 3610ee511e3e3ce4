import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRuleFile } from './rule-file.js';
import type { ErrorsSpec } from './kinds/errors.js';

function parse(text: string): ReturnType<typeof parseRuleFile> {
  return parseRuleFile('rules.yaml', text, { intervalMs: 15_000 });
}

function group(...lines: string[]): string {
  return ['groups:', '  - name: g', '    rules:', ...lines.map((line) => `      ${line}`)].join('\n');
}

const good = group('- alert: HighErrorRatio', '  kind: errors', '  above: 0.05');

describe('a rule file', () => {
  it('gives every field its default', () => {
    const { rules, errors } = parse(good);
    expect(errors).toEqual([]);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      name: 'HighErrorRatio',
      group: 'g',
      file: 'rules.yaml',
      line: 4,
      kind: 'errors',
      intervalMs: 15_000,
      forMs: 0,
      keepFiringForMs: 0,
      labels: { severity: 'warning' },
      expression: 'more than 5 % of the requests of a service fail in 5 min (20 requests or more)',
    });
    const spec = rules[0]?.spec as ErrorsSpec;
    expect(spec).toMatchObject({ service: '*', above: 0.05, window: 300_000, minRequests: 20 });
  });

  it('takes shares as percent, durations, labels and an interval', () => {
    const { rules, errors } = parse(
      `groups:
  - name: g
    interval: 1m
    rules:
      - { alert: A, kind: errors, service: shop-*, environment: prod, operation: '*', above: 7.5%, window: 1h30m, minRequests: 1, for: 2m, keepFiringFor: 30s, severity: critical, labels: { team: shop }, annotations: { summary: '{{ $labels.service }}' } }
`,
    );
    expect(errors).toEqual([]);
    expect(rules[0]).toMatchObject({
      intervalMs: 60_000,
      forMs: 120_000,
      keepFiringForMs: 30_000,
      labels: { team: 'shop', severity: 'critical' },
    });
    expect(rules[0]?.spec).toMatchObject({ above: 0.075, window: 5_400_000 });
  });

  it('keeps a rule’s id while group, name and labels stay', () => {
    const id = (text: string): string | undefined => parse(text).rules[0]?.id;
    expect(id(`# a comment\n${good.replace('0.05', '0.9')}`)).toBe(id(good));
    expect(id(good.replace('name: g', 'name: h'))).not.toBe(id(good));
    expect(id(`${good}\n        severity: critical`)).not.toBe(id(good));
  });

  it.each<[string, string, number | null, RegExp]>([
    ['not YAML', 'groups: [', 1, /Flow sequence|collection/i],
    ['a tab', 'groups:\n\t- name: g', 2, /tab/i],
    ['a key twice', 'groups: []\ngroups: []', 2, /unique/],
    ['two documents', 'groups: []\n---\ngroups: []', 2, /document/i],
    ['empty', '', null, /must hold `groups:`/],
    ['a list', '- 1', 1, /must hold `groups:`/],
    ['an unknown key at the top', 'rulez: []\ngroups: []', 1, /"rulez" is not known/],
    [
      'an unknown key in a group',
      'groups:\n  - name: g\n    limit: 3\n    rules: []',
      3,
      /"limit" is not known/,
    ],
    ['a group without a name', 'groups:\n  - rules: []', 2, /name: is missing/],
    [
      'an interval that is none',
      'groups:\n  - name: g\n    interval: soon\n    rules: []',
      3,
      /"soon" is not a duration/,
    ],
    ['a rule that is text', group('- hello'), 4, /needs a kind/],
    ['no kind', group('- alert: A', '  above: 1%'), 4, /needs a kind: one of errors/],
    ['an unknown kind', group('- alert: A', '  kind: eror'), 5, /kind: "eror" is not one of errors, latency/],
    ['no name', group('- kind: errors', '  above: 1%'), 4, /alert: is missing/],
    ['no bound', group('- kind: errors', '  alert: A'), 4, /above: is missing/],
    [
      'an unknown key in a rule',
      group('- kind: errors', '  alert: A', '  above: 1%', '  abov: 2'),
      7,
      /"abov" is not known/,
    ],
    [
      'a share above 1',
      group('- kind: errors', '  alert: A', '  above: 5'),
      6,
      /share from 0 to below 1.*5%/,
    ],
    [
      'a share that is text',
      group('- kind: errors', '  alert: A', '  above: lots'),
      6,
      /"lots" is not a share/,
    ],
    [
      'for without a unit',
      group('- kind: errors', '  alert: A', '  above: 1%', '  for: 60'),
      7,
      /for: "60" is not a duration/,
    ],
    [
      'a window of nothing',
      group('- kind: errors', '  alert: A', '  above: 1%', '  window: 0s'),
      7,
      /shorter than 1s/,
    ],
    [
      'a window of a year',
      group('- kind: errors', '  alert: A', '  above: 1%', '  window: 365d'),
      7,
      /longer than 30d/,
    ],
    [
      'a severity of its own',
      group('- kind: errors', '  alert: A', '  above: 1%', '  severity: bad'),
      7,
      /severity: .*critical/,
    ],
    [
      'a label name with a dash',
      group('- kind: errors', '  alert: A', '  above: 1%', '  labels: { a-b: x }'),
      7,
      /label "a-b" is not a label name/,
    ],
    [
      'a label that the rule sets',
      group('- kind: errors', '  alert: A', '  above: 1%', '  labels:', '    alertname: x'),
      8,
      /label "alertname" is set by the rule/,
    ],
    [
      'a label that is a number',
      group('- kind: errors', '  alert: A', '  above: 1%', '  labels: { a: 1 }'),
      7,
      /string/,
    ],
    [
      'a template left open',
      group('- kind: errors', '  alert: A', '  above: 1%', '  annotations: { s: "{{ $value" }'),
      7,
      /no closing/,
    ],
    [
      'a template with an unknown function',
      group('- kind: errors', '  alert: A', '  above: 1%', '  annotations: { s: "{{ $value | shout }}" }'),
      7,
      /"shout" is not one of/,
    ],
    [
      'minRequests of 0',
      group('- kind: errors', '  alert: A', '  above: 1%', '  minRequests: 0'),
      7,
      /minRequests: /,
    ],
    ['an alias bomb', bomb(), null, /alias/i],
    // What was meant.
    [
      'a kind mistyped',
      group('- alert: A', '  kind: eror'),
      5,
      /"eror" is not one of .*; did you mean errors\?/,
    ],
    [
      'a kind from elsewhere',
      group('- alert: A', '  kind: promql'),
      5,
      /not one of errors, latency, logs, feedback, absent$/,
    ],
    [
      'a field mistyped',
      group('- kind: errors', '  alert: A', '  above: 1%', '  minRequest: 2'),
      7,
      /"minRequest" is not known here; did you mean minRequests\?/,
    ],
    ['the key of the groups mistyped', 'group: []', 1, /"group" is not known here; did you mean groups\?/],
    [
      'a field of another kind',
      group('- kind: latency', '  alert: A', '  above: 1s', '  search: x'),
      7,
      /"search" is not known here$/,
    ],
    // latency
    ['a latency without a bound', group('- kind: latency', '  alert: A'), 4, /above: is missing/],
    [
      'a latency without a unit',
      group('- kind: latency', '  alert: A', '  above: 300'),
      6,
      /"300" is not a duration/,
    ],
    ['a latency of nothing', group('- kind: latency', '  alert: A', '  above: 0s'), 6, /longer than 0/],
    [
      'a quantile of a hundred',
      group('- kind: latency', '  alert: A', '  above: 1s', '  quantile: p100'),
      7,
      /quantile: "p100" is not a quantile from 0.5 to 0.99; write for example 0.95 or p95/,
    ],
    [
      'a quantile in percent without the sign',
      group('- kind: latency', '  alert: A', '  above: 1s', '  quantile: 95'),
      7,
      /"95" is not a quantile/,
    ],
    // logs
    ['logs without a search', group('- kind: logs', '  alert: A', '  above: 1'), 4, /search: is missing/],
    [
      'logs with an empty search',
      group('- kind: logs', '  alert: A', '  above: 1', '  search: ""'),
      7,
      /search: /,
    ],
    [
      'a search with a bracket left open',
      group('- kind: logs', '  alert: A', '  above: 1', "  search: 'level:error (a OR b'"),
      7,
      /search: The closing "\)" is missing.*\(at character 13: "\(a OR b"\)/,
    ],
    [
      'a search that ends too early',
      group('- kind: logs', '  alert: A', '  above: 1', "  search: 'a AND'"),
      7,
      /search: .*missing.*\(at its end\)/,
    ],
    [
      'a search that compares a text',
      group('- kind: logs', '  alert: A', '  above: 1', "  search: 'message>5'"),
      7,
      /message is no quantity/,
    ],
    [
      'a search with a look-ahead',
      group('- kind: logs', '  alert: A', '  above: 1', "  search: '/a(?=b)/'"),
      7,
      /RE2 has no/,
    ],
    [
      'a share of logs',
      group('- kind: logs', '  alert: A', '  search: a', '  above: 5%'),
      7,
      /above: .*number/,
    ],
    [
      'a part of a log',
      group('- kind: logs', '  alert: A', '  search: a', '  above: 1.5'),
      7,
      /above: .*int/,
    ],
    // feedback
    [
      'feedback above a word',
      group('- kind: feedback', '  alert: A', '  above: many'),
      6,
      /"many" is neither a count such as 5 nor a share such as 50%/,
    ],
    ['feedback above nothing', group('- kind: feedback', '  alert: A', '  above: -1'), 6, /"-1" is neither/],
    [
      'a share of feedback times what is usual',
      group('- kind: feedback', '  alert: A', '  above: 50%', '  timesUsual: 3'),
      7,
      /timesUsual: belongs to a count/,
    ],
    [
      'ratings that are none',
      group('- kind: feedback', '  alert: A', '  above: 5', '  ratings: good'),
      7,
      /ratings: .*"all"\|"bad"/,
    ],
    // absent
    [
      'an absence of seconds',
      group('- kind: absent', '  alert: A', '  window: 30s'),
      6,
      /window: is shorter than 1m/,
    ],
    [
      'a lookback within the window',
      group('- kind: absent', '  alert: A', '  window: 1h', '  lookback: 30m'),
      7,
      /lookback: must be longer than the window/,
    ],
    [
      'a signal that is none',
      group('- kind: absent', '  alert: A', '  signal: log'),
      6,
      /signal: .*"logs"\|"traces"\|"metrics"/,
    ],
  ])('rejects %s with its line', (_name, text, line, message) => {
    const { rules, errors } = parse(text);
    expect(rules).toEqual([]);
    expect(errors[0]?.message).toMatch(message);
    expect(errors[0]?.file).toBe('rules.yaml');
    if (line !== null) expect(errors[0]?.line).toBe(line);
  });

  it('names every mistake, not just the first', () => {
    const { errors } = parse(
      group(
        '- { kind: errors, alert: A }',
        '- { kind: none, alert: B }',
        '- { kind: errors, alert: C, above: 2, x: 1 }',
      ),
    );
    expect(errors.map(({ line }) => line)).toEqual([4, 5, 6, 6]);
    expect(errors.at(-1)?.column).toBeGreaterThan(8);
  });

  it('answers whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const { rules, errors } = parse(text);
        expect(rules.length === 0 || errors.length === 0).toBe(true);
      }),
      { numRuns: 500, seed: 5 },
    );
    // Near misses find more than noise does: a good file with some of its characters changed.
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.constantFrom(...Array.from('{}[]:-\n\t &*!|>\'"%@0')),
        fc.nat(3),
        (at, char, cut) => {
          const { rules, errors } = parse(good.slice(0, at) + char + good.slice(at + cut));
          expect(rules.length > 0 || errors.length > 0).toBe(true);
          for (const { message } of errors) expect(message).not.toBe('');
        },
      ),
      { numRuns: 1000, seed: 5 },
    );
  });

  it('answers for any text as a search, and takes what it takes only', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom(...values).map(String),
    );
    fc.assert(
      fc.property(text, (search) => {
        const rule = { alert: 'A', kind: 'logs', above: 1, search };
        const { rules, errors } = parse(JSON.stringify({ groups: [{ name: 'g', rules: [rule] }] }));
        expect(rules.length + errors.length).toBe(1);
        expect(errors.every(({ message }) => message.startsWith('search: '))).toBe(true);
      }),
      { numRuns: 1000, seed: 5 },
    );
  });

  it('answers for any values in the places of a rule', () => {
    const fields = [
      ...['alert', 'kind', 'above', 'for', 'labels', 'annotations', 'window', 'x', 'service', 'operation'],
      ...['quantile', 'minRequests', 'search', 'perService', 'ratings', 'minCount', 'timesUsual', 'signal'],
      ...['lookback', 'onlyUnusual', 'environment', 'severity', 'keepFiringFor'],
    ];
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...fields),
          fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...values)),
        ),
        fc.constantFrom('errors', 'latency', 'logs', 'feedback', 'absent', undefined),
        (some, kind) => {
          const rule = kind === undefined ? some : { alert: 'A', ...some, kind };
          const text = JSON.stringify({ groups: [{ name: 'g', rules: [rule] }] });
          const { rules, errors } = parse(text);
          expect(rules.length + errors.length).toBeGreaterThan(0);
          for (const { expression, whenGone } of rules) expect(expression && whenGone).not.toBe('');
          for (const { line, message } of errors) {
            expect(line).toBe(1);
            expect(message).not.toBe('');
          }
        },
      ),
      { numRuns: 2000, seed: 5 },
    );
  });
});

/** Values that some field of some kind takes. */
const values = [
  ...['5m', '1d', '300ms', '0s', '5%', 0.5, 0.95, 'p95', 1, 20, true, false, 'all', 'bad', 'logs', 'traces'],
  ...['level:error', 'a OR (b c)', 'status>=500', 'a AND', '"x', '/[/', 'shop-*', '*', 'critical', -1, 1e99],
];

function bomb(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 8; i++) {
    const name = String.fromCharCode(97 + i);
    const last = String.fromCharCode(96 + i);
    lines.push(`${name}: &${name} [${Array(10).fill(`*${last}`).join(', ')}]`);
  }
  return lines.join('\n');
}
