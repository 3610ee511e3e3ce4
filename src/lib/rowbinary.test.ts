import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../test/support/rowbinary-reader.js';
import { RowBinaryBuffer } from './rowbinary.js';

const columns = (...types: string[]) => types.map((type, i) => ({ name: `c${i}`, type }));

describe('RowBinaryBuffer', () => {
  it('writes what a reader of the format reads', () => {
    const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 200 }));
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            text,
            text,
            fc.nat({ max: 255 }),
            fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
            fc.double(),
            fc.integer(),
          ),
        ),
        (rows) => {
          // Small on purpose: it has to grow.
          const out = new RowBinaryBuffer(4);
          for (const [a, b, byte, big, double, int] of rows) {
            out.string(a);
            out.bytes(Buffer.from(`<${b}>`), 1, 1 + Buffer.byteLength(b));
            out.u8(byte);
            out.u64(Number(big & 0xffff_ffffn), Number(big >> 32n));
            out.bigint(big);
            out.f64(double);
            out.u32(int);
          }
          const found = readRows(
            columns('String', 'String', 'UInt8', 'UInt64', 'UInt64', 'Float64', 'Int32'),
            out.view(),
          );
          const clean = (value: string): string => Buffer.from(value).toString();
          expect(found.map((row) => Object.values(row))).toEqual(
            rows.map(([a, b, byte, big, double, int]) => [clean(a), clean(b), byte, big, big, double, int]),
          );
        },
      ),
      { seed: 20_261_122, numRuns: 200 },
    );
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'writes %i as a varint',
    (value) => {
      const out = new RowBinaryBuffer(1);
      out.varint(value);
      let read = 0;
      [...out.view()].forEach((byte, i) => (read += (byte & 127) * 128 ** i));
      expect(read).toBe(value);
    },
  );

  it('writes hexadecimal and takes rows back', () => {
    const out = new RowBinaryBuffer(1);
    out.hex(Buffer.from('00ff9a', 'hex'));
    const length = out.length;
    out.string('taken back');
    out.truncate(length);
    expect(readRows(columns('String'), out.view())).toEqual([{ c0: '00ff9a' }]);
    expect(out.memory.subarray(0, length)).toEqual(out.view());
  });
});
