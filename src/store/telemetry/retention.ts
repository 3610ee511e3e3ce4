import type { TelemetryConnection } from './connect.js';
import { localName, onCluster, type DdlOptions } from './ddl.js';
import { literal } from './parameters.js';

/** How long each signal is kept, in milliseconds. */
export interface Retention {
  readonly logs: number;
  readonly traces: number;
  readonly metrics: number;
  readonly errors: number;
  readonly changes: number;
  readonly feedback: number;
  readonly rollups: number;
}

/** The column whose age counts, for every table that is kept for a time. */
const ages: readonly { readonly table: string; readonly column: string; readonly kept: keyof Retention }[] = [
  { table: 'otel_logs', column: 'Timestamp', kept: 'logs' },
  { table: 'otel_traces', column: 'Timestamp', kept: 'traces' },
  { table: 'otel_traces_trace_id_ts', column: 'End', kept: 'traces' },
  { table: 'metric_series', column: 'SeenAt', kept: 'metrics' },
  { table: 'metric_samples', column: 'At', kept: 'metrics' },
  { table: 'metric_exponential_histograms', column: 'At', kept: 'metrics' },
  { table: 'error_events', column: 'Timestamp', kept: 'errors' },
  { table: 'changes', column: 'At', kept: 'changes' },
  { table: 'feedback', column: 'At', kept: 'feedback' },
  { table: 'service_minutes', column: 'Minute', kept: 'rollups' },
  { table: 'log_minutes', column: 'Minute', kept: 'rollups' },
];

/**
 * Gives every table the TTL of its signal, where it is not the one it has: a change rewrites the table's
 * parts in the background. Answers the tables that were changed.
 */
export async function applyRetention(
  connection: TelemetryConnection,
  options: DdlOptions,
  retention: Retention,
): Promise<string[]> {
  const engines = await connection.rows<{ name: string; engine_full: string }>(
    `SELECT name, engine_full FROM system.tables WHERE database = ${literal(options.database)}`,
    {},
  );
  const changed: string[] = [];
  for (const { table, column, kept } of ages) {
    const name = localName(table, options);
    const ttl = ttlOf(column, retention[kept]);
    const engine = engines.find((row) => row.name === name)?.engine_full;
    // The server writes a TTL back in this very form, so that texts can be compared.
    if (engine === undefined || `${engine} `.includes(` TTL ${ttl} `)) continue;
    await connection.command(
      `ALTER TABLE ${options.database}.${name}${onCluster(options)} MODIFY TTL ${ttl}`,
    );
    changed.push(table);
  }
  return changed;
}

function ttlOf(column: string, keptMs: number): string {
  // `toDateTime` of a DateTime is dropped by nobody, so one form serves every column.
  return `toDateTime(${column}) + toIntervalSecond(${Math.max(1, Math.ceil(keptMs / 1000))})`;
}
