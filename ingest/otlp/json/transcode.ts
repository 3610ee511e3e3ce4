import { BadInput } from '../../../src/lib/errors.js';
import type { OtlpSignal } from '../signal.js';

export function jsonToProtobuf(_signal: OtlpSignal, _body: Buffer): Buffer {
  throw new BadInput('unsupported_media_type', 'JSON comes with the next commit.');
}
