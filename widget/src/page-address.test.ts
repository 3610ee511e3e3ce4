import { describe, expect, it } from 'vitest';
import { pageAddress } from './page-address.js';

describe('pageAddress', () => {
  it.each([
    ['https://shop.example/cart', 'https://shop.example/cart'],
    ['https://shop.example/cart?step=2&q=red%20lamp', 'https://shop.example/cart?step=2&q=red%20lamp'],
    ['https://shop.example/?token=abc&a=1', 'https://shop.example/?token=***&a=1'],
    ['https://shop.example/?X-Amz-Signature=abc', 'https://shop.example/?X-Amz-Signature=***'],
    ['https://shop.example/?code=4%2F0Ab&state=xyz', 'https://shop.example/?code=***&state=***'],
    ['https://ada:pw@shop.example/', 'https://shop.example/'],
    [`https://shop.example/?q=${'x'.repeat(101)}`, 'https://shop.example/?q=***'],
    ['https://shop.example/reset/eyJhbGci.eyJzdWIi.c2ln', 'https://shop.example/reset/***'],
    [`https://shop.example/invite/${'a1'.repeat(20)}/x`, 'https://shop.example/invite/***/x'],
    [
      'https://shop.example/orders/123e4567-e89b-12d3-a456-426614174000',
      'https://shop.example/orders/123e4567-e89b-12d3-a456-426614174000',
    ],
    ['https://shop.example/#/cart?token=abc', 'https://shop.example/#/cart'],
    ['https://shop.example/#access_token=abc', 'https://shop.example/'],
    ['https://shop.example/#reviews', 'https://shop.example/#reviews'],
    ['file:///home/ada/private.html', 'file:'],
    ['no address', ''],
  ])('%s is told as %s', (href, told) => {
    expect(pageAddress(href)).toBe(told);
  });

  it('is bounded', () => {
    expect(pageAddress(`https://shop.example/${'a-'.repeat(5000)}`).length).toBe(1500);
  });
});
