import type { TableName } from '../../model/rows/tables.js';
import type { Live } from './create-live.js';

const signalOf: Partial<Record<TableName, 'logs' | 'traces' | 'metrics'>> = {
  otel_logs: 'logs',
  otel_traces: 'traces',
  metric_samples: 'metrics',
};

/** Tells pages when rows became readable; answers the way to end it. */
export function tellIngested(
  writer: { onInserted(listener: (table: TableName, rows: number) => void): () => void },
  live: Pick<Live, 'emit'>,
): () => void {
  return writer.onInserted((table, rows) => {
    const signal = signalOf[table];
    if (signal !== undefined) live.emit('ingested', { logs: 0, traces: 0, metrics: 0, [signal]: rows });
  });
}
