export interface ImageKind {
  readonly contentType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

/**
 * What the bytes themselves say they are; undefined when they are no PNG, JPEG or WebP with a size. Only the
 * header is read: nothing is decoded. SVG and HTML are text and never pass.
 */
export function identifyImage(bytes: Buffer): ImageKind | undefined {
  return png(bytes) ?? jpeg(bytes) ?? webp(bytes);
}

/** W3C PNG, third edition, sections 5.2 and 11.2.1: the signature, then IHDR. */
function png(bytes: Buffer): ImageKind | undefined {
  if (bytes.length < 33 || bytes.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') return undefined;
  if (bytes.readUInt32BE(8) !== 13 || bytes.subarray(12, 16).toString('latin1') !== 'IHDR') return undefined;
  return { contentType: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Start-of-frame markers (ITU T.81, table B.1): C0 to CF without DHT (C4), JPG (C8) and DAC (CC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function jpeg(bytes: Buffer): ImageKind | undefined {
  if (bytes.length < 4 || bytes.readUIntBE(0, 3) !== 0xffd8ff) return undefined;
  // Each round moves on by at least one byte, and ends with the bytes.
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (isFrame(marker)) {
      return {
        contentType: 'image/jpeg',
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
      };
    }
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/** RFC 9649: RIFF, its length, WEBP, then the first chunk: VP8X (extended), VP8L (lossless) or VP8 (lossy). */
function webp(bytes: Buffer): ImageKind | undefined {
  if (bytes.length < 30) return undefined;
  if (bytes.subarray(0, 4).toString('latin1') !== 'RIFF') return undefined;
  const size = webpSize(bytes, bytes.subarray(8, 16).toString('latin1'));
  return size && { contentType: 'image/webp', ...size };
}

function webpSize(bytes: Buffer, chunk: string): { width: number; height: number } | undefined {
  switch (chunk) {
    case 'WEBPVP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case 'WEBPVP8L': {
      if (bytes[20] !== 0x2f) return undefined;
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'WEBPVP8 ':
      if (bytes.readUIntBE(23, 3) !== 0x9d012a) return undefined;
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}
