import type { Loop } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';

/** The stations' numbers; asked again by live events, and every half minute for what no event announces. */
export function useLoop() {
  return useApi<Loop>('/api/loop', {}, { live: true, refetchInterval: 30_000 });
}
