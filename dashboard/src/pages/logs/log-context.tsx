import { useEffect, useRef } from 'react';
import type { LogContext, LogRecord } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';
import { ErrorBox } from '../../ui/error-box.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { lineTime } from './line-time.js';
import { bandOf } from './severity-band.js';
import { Severity } from './severity.js';

const around = 20;

/** What the same service wrote just before and after the line, oldest first, with the line marked. */
export function LogContextLines({ id, onOpen }: { id: string; onOpen: (id: string) => void }) {
  const context = useApi<LogContext>('/api/logs/context', { id, before: around, after: around });
  const middle = useRef<HTMLDivElement>(null);
  const shown = context.data?.record.id;
  useEffect(() => {
    middle.current?.scrollIntoView({ block: 'center' });
  }, [shown]);
  if (context.error) {
    return (
      <ErrorBox
        what="The lines around this one could not be loaded."
        error={context.error}
        retry={() => void context.refetch()}
      />
    );
  }
  if (!context.data) return <TableSkeleton rows={12} />;
  const { before, record, after } = context.data;
  return (
    <div className="log-context" role="list" aria-label={`What ${record.service} wrote around this line`}>
      {before.length === 0 ? <p className="small muted">Nothing was written before it.</p> : null}
      {before.map((line) => (
        <Line key={line.id} line={line} onOpen={onOpen} />
      ))}
      <div ref={middle}>
        <Line line={record} current onOpen={onOpen} />
      </div>
      {after.map((line) => (
        <Line key={line.id} line={line} onOpen={onOpen} />
      ))}
      {after.length === 0 ? <p className="small muted">Nothing was written after it.</p> : null}
    </div>
  );
}

interface LineProps {
  line: LogRecord;
  current?: boolean;
  onOpen: (id: string) => void;
}

function Line({ line, current = false, onOpen }: LineProps) {
  return (
    <div role="listitem">
      <button
        type="button"
        className="log-context-line"
        data-current={current || undefined}
        aria-current={current || undefined}
        title={line.timestamp}
        onClick={() => onOpen(line.id)}
      >
        <span className="log-time">{lineTime(line.timestamp, false)}</span>
        <Severity band={bandOf(line)} text={line.severityText} bare />
        <span className="log-context-body">{line.body.slice(0, 1000)}</span>
      </button>
    </div>
  );
}
