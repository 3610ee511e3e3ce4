import { describe, expect, it } from 'vitest';
import { cart } from '../../load/shoppers.js';
import { catalogue } from '../catalogue.js';
import type { PricedLine, TotalOf } from './app.js';
import { totalOf as first } from './1.0.0/total.js';
import { totalOf as broken } from './1.1.0/total.js';
import { totalOf as fixed } from './1.2.0/total.js';

/** Carts as the demo's people fill them, always the same ones. */
function carts(count: number): PricedLine[][] {
  let state = 7;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return Array.from({ length: count }, () =>
    cart(random).map((line) => ({
      ...line,
      cents: catalogue.find(({ sku }) => sku === line.sku)?.cents ?? Number.NaN,
    })),
  );
}

const refused = (totalOf: TotalOf): number =>
  carts(2000).filter((lines) => !Number.isSafeInteger(totalOf(lines))).length / 2000;

describe('what a cart costs', () => {
  it.each([
    ['1.0.0', first],
    ['1.2.0', fixed],
  ])('is a whole number of cents in %s', (_version, totalOf) => {
    expect(refused(totalOf)).toBe(0);
  });

  it('is none for one cart in ten to one in four in 1.1.0', () => {
    expect(refused(broken)).toBeGreaterThan(0.1);
    expect(refused(broken)).toBeLessThan(0.25);
  });

  it('is ten percent less from three of an article since 1.1.0', () => {
    const kettles = [{ sku: 'kettle', quantity: 3, cents: 4990 }];
    expect([first(kettles), broken(kettles), fixed(kettles)]).toEqual([14_970, 13_473, 13_473]);
  });
});
