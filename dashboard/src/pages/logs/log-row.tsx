import { memo } from 'react';
import type { LogRecord } from '../../../../src/http/contract/telemetry.js';
import { ServiceName } from '../../ui/service-name.js';
import { columnValue } from './columns.js';
import { lineTime } from './line-time.js';
import { bandOf } from './severity-band.js';
import { Severity } from './severity.js';

interface LogRowProps {
  record: LogRecord;
  index: number;
  /** px from the top of the list. */
  top: number;
  columns: readonly string[];
  withDay: boolean;
  selected: boolean;
  /** It came in just now. */
  arriving: boolean;
  onOpen: (id: string) => void;
}

/** A body may be megabytes: a row shows its beginning. */
const bodyLength = 600;

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { record, index, top, columns, withDay, selected, arriving, onOpen } = props;
  const band = bandOf(record);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className="log-row"
      data-band={band}
      data-arriving={arriving || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        // Choosing text with the mouse is no click on the row.
        if (window.getSelection()?.type !== 'Range') onOpen(record.id);
      }}
    >
      <time
        role="gridcell"
        className="log-time"
        dateTime={record.timestamp}
        title={`${record.timestamp} (UTC)`}
      >
        {lineTime(record.timestamp, withDay)}
      </time>
      <span role="gridcell">
        <Severity band={band} text={record.severityText} bare />
      </span>
      {columns.map((column) => (
        <span role="gridcell" className="log-cell clip" key={column} title={columnValue(record, column)}>
          {column === 'service' ? <ServiceName service={record.service} /> : columnValue(record, column)}
        </span>
      ))}
      <span role="gridcell" className="log-body clip">
        {record.body === '' ? record.eventName : record.body.slice(0, bodyLength)}
      </span>
    </div>
  );
});
