import { Link } from '@tanstack/react-router';
import type { Release } from '../../../../src/http/contract/changes.js';
import type { ServiceRow } from '../../../../src/http/contract/telemetry.js';
import { Sparkline, type SparkMark } from '../../charts/sparkline.js';
import { Ago } from '../../ui/ago.js';
import { Num } from '../../ui/num.js';
import { ServiceName } from '../../ui/service-name.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { VerdictGlyph } from '../../ui/verdict-glyph.js';
import { Version } from '../../ui/version.js';
import { errorRatio } from './service-order.js';

interface ServiceLineProps {
  row: ServiceRow;
  /** Of the version that runs; undefined while it is not known. */
  release: Release | undefined;
  /** Deploys in the range. */
  marks: readonly SparkMark[];
  /** The range ends now: its last point is still being filled, and would look like a fall. */
  live: boolean;
}

export function ServiceLine({ row, release, marks, live }: ServiceLineProps) {
  const full = <Point,>(points: readonly Point[]) => (live ? points.slice(0, -1) : points);
  const ratio = errorRatio(row);
  const { service, environment } = row;
  return (
    <tr>
      <td data-column="service">
        <span className="services-name">
          <Link to="/traces" search={{ service, environment: environment === '' ? undefined : environment }}>
            <ServiceName service={service} environment={environment} />
          </Link>
          {row.openIncidents === 0 ? null : (
            <Link to="/incidents" search={{ state: 'active', service }}>
              <StateGlyph
                state="critical"
                word={row.openIncidents === 1 ? '1 incident' : `${row.openIncidents} incidents`}
              />
            </Link>
          )}
        </span>
      </td>
      <td data-column="version">
        <span className="services-version">
          <Version version={row.version} releaseId={release?.id} />
          <VerdictGlyph verdict={release?.verdict} bare />
          {row.versionSince === null ? null : (
            <span className="muted small">
              <Ago at={row.versionSince} />
            </span>
          )}
        </span>
      </td>
      <td data-column="requests">
        <span className="services-number">
          <Sparkline points={full(row.requestPoints)} color="var(--information-fill)" marks={marks} />
          <Num value={row.requests} />
        </span>
      </td>
      <td data-column="errors">
        <span className="services-number" data-some={row.errors > 0}>
          <Sparkline points={full(row.errorPoints)} color="var(--critical-fill)" marks={marks} />
          <Link to="/traces" search={{ service, status: 'error' }}>
            <Num value={ratio} as="percent" />
          </Link>
        </span>
      </td>
      <td data-column="p95">
        <span className="services-number">
          <Sparkline points={full(row.p95Points)} color="var(--text-muted)" marks={marks} />
          <Num value={row.p95} as="duration" />
        </span>
      </td>
    </tr>
  );
}
