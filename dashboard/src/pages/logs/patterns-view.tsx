import type { UseQueryResult } from '@tanstack/react-query';
import type { LogPattern } from '../../../../src/http/contract/telemetry.js';
import type { ApiError } from '../../api/errors.js';
import type { TimeFrame } from '../../charts/flags.js';
import type { ChartEvents } from '../../charts/use-chart-events.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { firstLog } from './first-log.js';
import { Patterns } from './patterns.js';

interface PatternsViewProps {
  answer: UseQueryResult<{ items: LogPattern[]; partial?: string }, ApiError>;
  events: ChartEvents;
  frame: TimeFrame;
  onPick: (pattern: LogPattern) => void;
}

export function PatternsView({ answer, events, frame, onPick }: PatternsViewProps) {
  if (answer.error) {
    return (
      <ErrorBox
        what="The patterns could not be loaded."
        error={answer.error}
        retry={() => void answer.refetch()}
      />
    );
  }
  if (!answer.data) {
    return (
      <div className="card">
        <TableSkeleton rows={10} />
      </div>
    );
  }
  if (answer.data.items.length === 0) {
    return (
      <div className="card">
        <Empty title="No patterns in this time range" line={firstLog(window.location.origin)}>
          Patterns appear with the first lines. To send one:
        </Empty>
      </div>
    );
  }
  return (
    <>
      {answer.data.partial === undefined ? null : <p className="notice">{answer.data.partial}</p>}
      <Patterns patterns={answer.data.items} marks={events.marks} frame={frame} onPick={onPick} />
    </>
  );
}
