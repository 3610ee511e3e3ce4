import { describe, expect, it } from 'vitest';
import { literal, setParameters } from './parameters.js';

describe('setParameters', () => {
  it.each([
    [{}, ''],
    [{ a: 1, b: 'x' }, "SET param_a = '1'; SET param_b = 'x'; "],
    [{ a: "it's" }, "SET param_a = 'it\\\\\\'s'; "],
    [{ a: '\\' }, "SET param_a = '\\\\\\\\'; "],
    [{ a: ['x', "'", null, 2] }, "SET param_a = '[\\'x\\',\\'\\\\\\'\\',NULL,2]'; "],
    [{ a: null, b: undefined }, "SET param_a = '\\\\N'; SET param_b = '\\\\N'; "],
    [
      { a: 2n ** 64n - 1n, b: true, c: NaN, d: -Infinity },
      "SET param_a = '18446744073709551615'; SET param_b = '1'; SET param_c = 'nan'; SET param_d = '-inf'; ",
    ],
  ])('of %o', (params, expected) => {
    expect(setParameters(params)).toBe(expected);
  });

  it.each([{ 'a; DROP': 1 }, { '': 1 }, { a: { b: 1 } }, { a: Symbol('x') }])('refuses %o', (params) => {
    expect(() => setParameters(params)).toThrow(/parameter/);
  });
});

describe('literal', () => {
  it('leaves no way out', () => {
    expect(literal("a'b\\c")).toBe("'a\\'b\\\\c'");
  });
});
