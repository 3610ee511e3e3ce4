import { describe, expect, it } from 'vitest';
import { ErrorsQuery, ProblemInput } from './problems.js';

describe('a fingerprint', () => {
  it.each([
    ['0', true],
    ['18446744073709551615', true],
    // The database would refuse it as a broken statement.
    ['18446744073709551616', false],
    ['99999999999999999999', false],
    ['-1', false],
    ['1 OR 1', false],
    ['', false],
  ])('%j: %s', (fingerprint, isGood) => {
    expect(ErrorsQuery.safeParse({ fingerprint }).success).toBe(isGood);
    const from = { kind: 'error_group', service: 'shop', fingerprint };
    expect(ProblemInput.safeParse({ from }).success).toBe(isGood);
  });
});
