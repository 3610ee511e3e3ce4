import type { TraceHistogram } from '../../../../src/http/contract/telemetry.js';

type Points = readonly (number | null)[];

/** In percent; null where nothing was asked. */
export function failedShare({ series }: Pick<TraceHistogram, 'series'>): (number | null)[] {
  const of = (status: string): Points =>
    series.find(({ labels }) => labels['status'] === status)?.points ?? [];
  const [ok, error] = [of('ok'), of('error')];
  return Array.from({ length: Math.max(ok.length, error.length) }, (_, i) => {
    const failed = error[i] ?? 0;
    const all = failed + (ok[i] ?? 0);
    return all > 0 ? (failed / all) * 100 : null;
  });
}
