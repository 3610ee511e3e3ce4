import { describe, expect, it } from 'vitest';
import { boundedSql, isUnion } from './bounded-sql.js';

describe('isUnion', () => {
  it.each([
    ['SELECT 1', false],
    ['SELECT 1 UNION ALL SELECT 2', true],
    ['SELECT 1\nunion distinct\nSELECT 2', true],
    ['(SELECT 1) EXCEPT (SELECT 2)', true],
    ['SELECT 1 INTERSECT SELECT 2', true],
    ['SELECT * FROM (SELECT 1 UNION ALL SELECT 2) ORDER BY 1', false],
    ["SELECT ' UNION '", false],
    ["SELECT 'it''s UNION', 'a\\' UNION '", false],
    ["SELECT '(' UNION ALL SELECT ')'", true],
    ['SELECT `UNION`, "EXCEPT"', false],
    ['SELECT 1 -- UNION\n', false],
    ['SELECT /* UNION ( */ 1', false],
    ['SELECT reunion, union_1 FROM t', false],
  ])('%s: %s', (sql, expected) => {
    expect(isUnion(sql)).toBe(expected);
  });
});

describe('boundedSql', () => {
  it('puts the limits into the text', () => {
    expect(boundedSql('SELECT 1', { timeoutMs: 2500, maxMemoryBytes: 1024, maxRows: 10 })).toBe(
      'SELECT 1\nSETTINGS max_execution_time = 2.5, max_memory_usage = 1024, max_result_rows = 10, ' +
        'max_result_bytes = 134217728, output_format_json_quote_64bit_integers = 0, ' +
        "session_timezone = 'UTC'",
    );
  });

  it('bounds a union as a whole', () => {
    expect(
      boundedSql('SELECT 1 UNION ALL SELECT 2', { timeoutMs: 1000, maxMemoryBytes: 1, maxRows: 1 }),
    ).toMatch(/^SELECT \* FROM \(\nSELECT 1 UNION ALL SELECT 2\n\)\nSETTINGS /);
  });
});
