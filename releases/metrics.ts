import { Counter, type Registry } from 'prom-client';

export interface ReleaseMetrics {
  /** Versions that were not taken up, because their service has too many. */
  refused(versions: number): void;
  passFailed(): void;
}

export function releaseMetrics(registry: Registry): ReleaseMetrics {
  const refused = new Counter({
    name: 'lemni_releases_versions_refused_total',
    help: 'Versions seen in telemetry that became no release, because their service in its environment has too many.',
    registers: [registry],
  });
  const failed = new Counter({
    name: 'lemni_releases_watch_failures_total',
    help: 'Looks at telemetry for new versions that failed.',
    registers: [registry],
  });
  return { refused: (versions) => refused.inc(versions), passFailed: () => failed.inc() };
}
