import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from './compile.js';
import { humanize, humanizeDuration, humanizePercentage } from './humanize.js';

const data = { labels: { service: 'checkout', load: '1234567' }, value: 0.0721 };

describe('templates', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['{{ $labels.service }} is ill', 'checkout is ill'],
    ['{{$labels.service}}{{$value}}', 'checkout0.0721'],
    ['{{ $labels.nobody }}!', '!'],
    ['{{ $labels.constructor }}', ''],
    ['{{ $value | humanizePercentage }}', '7.21%'],
    ['{{ humanizePercentage $value }}', '7.21%'],
    ['{{ $labels.load | humanize }}', '1.235M'],
    ['{{ $labels.service | toUpper | toLower }}', 'checkout'],
    ['} {{ $value }} {', '} 0.0721 {'],
  ])('%s', (source, want) => {
    expect(compileTemplate(source).expand(data)).toBe(want);
  });

  it('turns a mistake that shows only with the data into text', () => {
    const text = compileTemplate('{{ $labels.service | humanize }}').expand(data);
    expect(text).toBe('<error expanding template: "checkout" is not a number>');
  });

  it.each([
    '{{',
    '{{ }}',
    '{{ $labels }}',
    '{{ $value | }}',
    '{{ $labels.a.b }}',
    '{{ printf "%d" $value }}',
    '{{ $value | constructor }}',
    '{{ __proto__ $value }}',
  ])('rejects %s', (source) => {
    expect(() => compileTemplate(source)).toThrow(/template: /);
  });

  it('either refuses a text or expands it, and never at length', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '$value',
      '$labels.service',
      '|',
      'humanize',
      ' ',
      'x'.repeat(3000),
      '$',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let template;
        try {
          template = compileTemplate(pieces.join(''));
        } catch (error) {
          expect(error).toHaveProperty('code', 'bad_request');
          return;
        }
        expect(template.expand(data).length).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});

/** Values of prometheus/template/template_test.go. */
describe("Prometheus' number formats", () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [1234567, '1.235M'],
    [0.00012, '120u'],
    [-5000, '-5k'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [Number.NaN, 'NaN'],
    [999.96, '1000'],
  ])('humanize %f', (value, want) => expect(humanize(value)).toBe(want));

  it.each([
    [0, '0s'],
    [1, '1s'],
    [60, '1m 0s'],
    [3600, '1h 0m 0s'],
    [86_400, '1d 0h 0m 0s'],
    [86_400 + 3600, '1d 1h 0m 0s'],
    [-(86_400 * 2 + 3600 * 3 + 60 * 4 + 5), '-2d 3h 4m 5s'],
    [899.99, '14m 59s'],
    [0.1, '100ms'],
    [0.0001, '100us'],
    [1.2345, '1.234s'],
    [Number.NaN, 'NaN'],
  ])('humanizeDuration %f', (value, want) => expect(humanizeDuration(value)).toBe(want));

  it.each([
    [0.123456, '12.35%'],
    [1.5, '150%'],
    [0.00000123, '0.000123%'],
  ])('humanizePercentage %f', (value, want) => expect(humanizePercentage(value)).toBe(want));
});
