import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newUlid } from '../../../lib/ids.js';
import { formatSliceName, parseSliceName } from './segment-name.js';

describe('the name of a slice', () => {
  const names = fc.record({
    segment: fc.integer({ min: 0, max: 2 ** 47 }).map(newUlid),
    slice: fc.nat(999_999),
    schema: fc.nat(999_999),
    rows: fc.nat(),
    bytes: fc.nat(),
    crc: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  });

  it('says all that it was made of', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(parseSliceName(formatSliceName(name))).toEqual(name);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it.each([
    '',
    'notes.txt',
    '01JD8C5QZ5W3T2G4M6N8P0R1S3.0.1.10.690.0c24b6ee.rowbinary.tmp',
    '01JD8C5QZ5W3T2G4M6N8P0R1S3.0.1.10.690.0c24b6ee.rowbinary.batches',
    '01JD8C5QZ5W3T2G4M6N8P0R1S3.0.1.10.690.0C24B6EE.rowbinary',
    '01JD8C5QZ5W3T2G4M6N8P0R1.0.1.10.690.0c24b6ee.rowbinary',
    '01JD8C5QZ5W3T2G4M6N8P0R1S3.-1.1.10.690.0c24b6ee.rowbinary',
    '../01JD8C5QZ5W3T2G4M6N8P0R1S3.0.1.10.690.0c24b6ee.rowbinary',
  ])('is not %s', (file) => {
    expect(parseSliceName(file)).toBeUndefined();
  });
});
