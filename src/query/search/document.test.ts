import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqlParams } from '../sql.js';
import { openEngine, type Engine } from '../testing/engine.js';
import { searchOf, whereOf } from './search.js';
import { logs, spans } from './target.js';

const document = readFileSync(new URL('../../../docs/query-language.md', import.meta.url), 'utf8');
const table = document.slice(document.indexOf('## In one table'), document.indexOf('## Fields'));
/** The first column of the table; `\|` is how Markdown writes a bar in it. */
const examples = [...table.matchAll(/^\| `(.+?)` +\|/gm)].map(([, query]) =>
  (query ?? '').replaceAll('\\|', '|'),
);
const first = /^ {4}(service:.*)$/m.exec(document)?.[1] ?? '';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

describe('docs/query-language.md', () => {
  it('has its examples', () => {
    expect(examples.length).toBeGreaterThan(25);
    expect(first).not.toBe('');
  });

  it.each([first, ...examples])('%s', async (text) => {
    for (const [target, name] of [
      [logs, 'otel_logs'],
      [spans, 'otel_traces'],
    ] as const) {
      // Spans have no level.
      if (name === 'otel_traces' && text.startsWith('level')) continue;
      const params = new SqlParams();
      const where = whereOf(searchOf(text), target, params);
      const rows = await engine.reader.rows(`SELECT count() AS n FROM ${name} WHERE ${where}`, params.values);
      expect(rows).toEqual([{ n: 0 }]);
    }
  });
});
