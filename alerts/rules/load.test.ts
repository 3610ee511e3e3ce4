import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kinds } from './kinds/registry.js';
import { checkRuleFiles } from './load.js';
import { parseRuleFile } from './rule-file.js';

const defaults = new URL('../../config/rules/default.yaml', import.meta.url).pathname;
const docs = new URL('../../docs/alerting.md', import.meta.url).pathname;

describe('the default rules', () => {
  it('are right, and there is one of each kind', async () => {
    const { rules, errors } = await checkRuleFiles([defaults]);
    expect(errors).toEqual([]);
    expect(new Set(rules.map(({ kind }) => kind))).toEqual(new Set(kinds.keys()));
    expect(rules.every(({ annotations }) => annotations['summary'] !== undefined)).toBe(true);
  });

  it('have examples that are right when the # before them goes', () => {
    const text = readFileSync(defaults, 'utf8').replace(/^ {6}# (- alert: | {2}\w+: )/gm, '      $1');
    const { rules, errors } = parseRuleFile('default.yaml', text, { intervalMs: 15_000 });
    expect(errors).toEqual([]);
    expect(rules.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['OutOfMemory', 'BadRatings', 'PaymentGone', 'HighErrorRatio']),
    );
  });

  it('are explained field by field', () => {
    const text = readFileSync(defaults, 'utf8');
    for (const { name, fields } of kinds.values()) {
      for (const field of fields) expect(`${name} ${text}`).toContain(` ${field}`);
    }
  });
});

describe('the examples of docs/alerting.md', () => {
  const blocks = [...readFileSync(docs, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, yaml = '']) => yaml,
  );
  const examples = blocks.filter((yaml) => /kind: /.test(yaml));

  it.each(examples)('are right: %s', (yaml) => {
    const indented = yaml.replace(/^/gm, '      ');
    const text = yaml.startsWith('groups:') ? yaml : `groups:\n  - name: g\n    rules:\n${indented}`;
    const { rules, errors } = parseRuleFile('alerting.md', text, { intervalMs: 15_000 });
    expect(errors).toEqual([]);
    expect(rules.length).toBeGreaterThan(0);
  });

  it('show every kind', () => {
    for (const name of kinds.keys()) expect(examples.join('\n')).toContain(`kind: ${name}`);
  });
});
