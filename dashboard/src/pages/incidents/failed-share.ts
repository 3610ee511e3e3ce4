import type { Alert, Rule } from '../../../../src/http/contract/incidents.js';
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

/**
 * In percent: what the rule of one of these alerts holds the share of failed requests against; null when none of
 * them is about it. Bounds of other kinds (a latency, a count) are not on this chart.
 */
export function boundOfFailedShare(
  alerts: readonly Pick<Alert, 'rule'>[],
  rules: readonly Pick<Rule, 'name' | 'kind' | 'threshold'>[],
): number | null {
  const names = new Set(alerts.map(({ rule }) => rule));
  const rule = rules.find(
    ({ name, kind, threshold }) => names.has(name) && kind === 'errors' && threshold?.unit === '1',
  );
  // 0.07 * 100 is 7.000000000000001.
  return rule?.threshold ? Number((rule.threshold.value * 100).toPrecision(6)) : null;
}
