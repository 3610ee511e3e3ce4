import { Link } from '@tanstack/react-router';
import type { List } from '../../../../../src/http/contract/common.js';
import type { IncidentDetail } from '../../../../../src/http/contract/incidents.js';
import type { ErrorGroup } from '../../../../../src/http/contract/problems.js';
import type { TraceSummary } from '../../../../../src/http/contract/telemetry.js';
import { useApi } from '../../../api/use-api.js';
import { duration, join } from '../../../time/format.js';
import { absoluteRange } from '../../../time/range.js';
import { useNow } from '../../../time/use-now.js';
import { Ago } from '../../../ui/ago.js';
import { Num } from '../../../ui/num.js';
import { Section } from '../../../ui/section.js';
import { incidentWindow } from '../incident-window.js';
import { began } from '../sentences.js';

const shown = 5;

/** Errors and failing requests of its services and time: those that are new first. */
export function Failing({ incident }: { incident: IncidentDetail }) {
  const window = incidentWindow(incident, useNow());
  const service = incident.services[0];
  const environment = incident.environment === '' ? undefined : incident.environment;
  // From its beginning: what failed before belongs to the chart.
  const from = Math.min(Math.floor((began(incident) - 5 * 60_000) / 60_000) * 60_000, window.to - 60_000);
  const range = absoluteRange({ from, to: window.to });
  const asked = { enabled: service !== undefined };
  const errors = useApi<List<ErrorGroup>>(
    '/api/errors',
    { ...range, service, environment, limit: 50 },
    asked,
  );
  const traces = useApi<List<TraceSummary>>(
    '/api/traces',
    { ...range, service, environment, status: 'error', limit: shown },
    asked,
  );
  const groups = newFirst(errors.data?.items ?? [], began(incident));
  return (
    <>
      {groups.length === 0 ? null : (
        <Section
          title="Errors"
          note={`of ${service ?? ''} since then`}
          more={
            <Link to="/errors" search={{ ...range, service, environment }}>
              All errors
            </Link>
          }
        >
          <ul className="card happened-list">
            {groups.slice(0, shown).map(({ group, isNew }) => (
              <li key={`${group.service} ${group.fingerprint}`}>
                {isNew ? <span className="happened-new small">new</span> : null}
                <Link
                  to="/errors"
                  search={{ ...range, service: group.service, group: group.fingerprint }}
                  className="happened-text clip"
                  title={group.message}
                >
                  {[group.type, group.message].filter((part) => part !== '').join(': ')}
                </Link>
                <span className="muted small happened-end">
                  <span className="mono">{group.versions.slice(0, 2).join(', ')}</span>
                  <Num value={group.count} unit="×" />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {(traces.data?.items.length ?? 0) === 0 ? null : (
        <Section
          title="Failing requests"
          more={
            <Link to="/traces" search={{ ...range, service, environment, status: 'error' }}>
              All of them
            </Link>
          }
        >
          <ul className="card happened-list">
            {traces.data?.items.map((trace) => (
              <li key={trace.traceId}>
                <Link
                  to="/traces/$traceId"
                  params={{ traceId: trace.traceId }}
                  className="happened-text clip"
                  title={trace.rootOperation}
                >
                  {trace.rootService} {trace.rootOperation}
                </Link>
                <span className="muted small happened-end">
                  <span className="num">{join(duration(trace.durationMs))}</span>
                  <Ago at={trace.startedAt} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** What was first seen in this time comes first; each kind by how often. */
function newFirst(groups: readonly ErrorGroup[], beganAt: number): { group: ErrorGroup; isNew: boolean }[] {
  return groups
    .map((group) => ({ group, isNew: Date.parse(group.firstAt) >= beganAt - 5 * 60_000 + 60_000 }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || b.group.count - a.group.count);
}
