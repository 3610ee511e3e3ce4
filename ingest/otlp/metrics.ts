import type { EncodedRows } from '../../src/model/rows/tables.js';
import type { DecodeContext } from './context.js';
import type { Announcements, SeriesRegistry } from './metrics/series-registry.js';

export function decodeMetrics(
  _context: DecodeContext,
  _registry: SeriesRegistry,
  _size: number,
): { steps: Iterable<undefined>; finish(): { batches: EncodedRows[]; announcements?: Announcements } } {
  return { steps: [], finish: () => ({ batches: [] }) };
}
