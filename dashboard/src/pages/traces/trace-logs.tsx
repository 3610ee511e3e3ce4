import { Link } from '@tanstack/react-router';
import { formatMs } from '../../charts/units.js';
import { Empty } from '../../ui/empty.js';
import { ServiceName } from '../../ui/service-name.js';
import { bandOf } from '../logs/severity-band.js';
import { Severity } from '../logs/severity.js';
import type { TraceLog } from './trace-model.js';

/** A trace may bring thousands of lines; those beyond are on the page of the logs. */
const most = 500;

/** The lines that carry the id of the trace, by time; each opens on the page of the logs. */
export function TraceLogs({ logs }: { logs: readonly TraceLog[] }) {
  if (logs.length === 0) {
    return (
      <Empty title="No log line carries the id of this trace">
        Lines belong to a trace when the logger adds <code>trace_id</code> and <code>span_id</code>; the
        OpenTelemetry instrumentations of pino, winston, log4j, logback and Python&#39;s logging do.
      </Empty>
    );
  }
  return (
    <div>
      {logs.slice(0, most).map(({ record, at }) => (
        <Link
          key={record.id}
          className="trace-log"
          to="/logs"
          search={{ query: `trace_id:${record.traceId}`, id: record.id, ...around(record.timestamp) }}
        >
          <span className="num muted">{formatMs(at)}</span>
          <Severity band={bandOf(record)} text={record.severityText} bare />
          <ServiceName service={record.service} />
          <span className="trace-log-body">{record.body.slice(0, 1000)}</span>
        </Link>
      ))}
      {logs.length > most ? <p className="trace-more muted">The first {most} lines.</p> : null}
    </div>
  );
}

/** An hour around the line: the range that was chosen need not contain it. */
function around(timestamp: string): { from?: string; to?: string } {
  const at = Date.parse(timestamp);
  if (Number.isNaN(at)) return {};
  return { from: new Date(at - 1_800_000).toISOString(), to: new Date(at + 1_800_000).toISOString() };
}
