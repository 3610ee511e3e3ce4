/**
 * A segment is what goes into the database as one insert: one or more slices, each written by one commit.
 * A slice's file name says all that a later process must know:
 *
 *   01JD….3.1.512.180344.9f3c2a10.rowbinary
 *   segment, slice, schema (number of the last migration), rows, bytes, CRC-32 of the bytes
 *
 * Slices are numbered from 0 and removed in that order, after the insert. So a segment whose slice 0 is
 * missing was inserted; what is left of it is only to be removed.
 */
export interface SliceName {
  readonly segment: string;
  readonly slice: number;
  readonly schema: number;
  readonly rows: number;
  readonly bytes: number;
  readonly crc: number;
}

const pattern =
  /^([0-9A-HJKMNP-TV-Z]{26})\.(\d{1,6})\.(\d{1,6})\.(\d{1,12})\.(\d{1,12})\.([0-9a-f]{8})\.rowbinary$/;

export function formatSliceName(name: SliceName): string {
  const crc = name.crc.toString(16).padStart(8, '0');
  return `${name.segment}.${name.slice}.${name.schema}.${name.rows}.${name.bytes}.${crc}.rowbinary`;
}

/** Undefined when the file is no slice. */
export function parseSliceName(file: string): SliceName | undefined {
  const match = pattern.exec(file);
  if (!match) return undefined;
  const [, segment = '', slice, schema, rows, bytes, crc = ''] = match;
  return {
    segment,
    slice: Number(slice),
    schema: Number(schema),
    rows: Number(rows),
    bytes: Number(bytes),
    crc: parseInt(crc, 16),
  };
}
