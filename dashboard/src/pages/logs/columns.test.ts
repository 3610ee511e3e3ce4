import { describe, expect, it } from 'vitest';
import { columnsOf, columnsText } from './columns.js';

describe('columnsOf', () => {
  it.each([
    ['the usual', undefined, null, 'service,version'],
    ['those of the URL', 'a, b,,a', 'c', 'a,b'],
    ['those chosen last', undefined, 'c', 'c'],
    ['none', 'none', 'c', 'none'],
    ['none chosen last', undefined, 'none', 'none'],
  ])('%s', (_name, text, stored, columns) => {
    expect(columnsText(columnsOf(text, stored))).toBe(columns);
  });
  it('is bounded', () => {
    expect(columnsOf(Array.from({ length: 99 }, (_, i) => `c${i}`).join(','), null)).toHaveLength(12);
  });
});
