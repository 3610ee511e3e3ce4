import type { LogContext, LogRecord } from '../../http/contract/telemetry.js';
import type { Clock } from '../../lib/clock.js';
import { BadInput } from '../../lib/errors.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { searchFor } from '../search/search.js';
import type { Query } from '../search/tree.js';
import { SqlParams } from '../sql.js';
import { encodeCursor } from './cursor.js';
import { listLogs } from './list.js';
import { parseRecordId, recordColumns, recordOf, rowHash, type RecordKey, type RecordRow } from './record.js';

export interface ContextRequest {
  readonly id: string;
  readonly before: number;
  readonly after: number;
}

/** Neighbours further away than this say nothing about the record. */
const reachMs = 6 * 3_600_000;
/** What tells one process of a service from another, the most exact first (resource semantic conventions). */
const instanceKeys = [
  'service.instance.id',
  'k8s.pod.uid',
  'k8s.pod.name',
  'container.id',
  'host.name',
] as const;

/** The record and its neighbours of the same service and process, oldest first. */
export async function logContext(
  reader: TelemetryReader,
  clock: Clock,
  request: ContextRequest,
): Promise<LogContext> {
  const key = parseRecordId(request.id);
  const record = await readRecord(reader, key);
  const neighbours = async (order: 'desc' | 'asc', limit: number): Promise<LogRecord[]> => {
    if (limit === 0) return [];
    const atMs = Number(BigInt(key.ns) / 1_000_000n);
    const { items } = await listLogs(reader, clock, {
      search: searchFor(sameProcess(record)),
      range: { fromMs: Math.max(0, atMs - reachMs), toMs: atMs + reachMs },
      limit,
      order,
      cursor: encodeCursor({ ...key, skip: 1 }),
    });
    return items;
  };
  const [before, after] = await Promise.all([
    neighbours('desc', request.before),
    neighbours('asc', request.after),
  ]);
  return { before: before.reverse(), record, after };
}

async function readRecord(reader: TelemetryReader, key: RecordKey): Promise<LogRecord> {
  const params = new SqlParams();
  const at = BigInt(key.ns);
  const [row] = await reader.rows<RecordRow>(
    `SELECT ${recordColumns} FROM otel_logs
WHERE ${params.withinNs(at, at + 1n)} AND ${rowHash} = ${params.uint(key.hash)} LIMIT 1`,
    params.values,
  );
  if (row) return recordOf(row);
  throw new BadInput(
    'not_found',
    'This log record is not here any more: it may be older than the retention.',
    {
      at: 'id',
    },
  );
}

function sameProcess({ service, resource }: LogRecord): Query {
  const is = (field: string, value: string): Query => ({
    type: 'test',
    field,
    test: { type: 'is', value },
    at: 0,
  });
  const instance = instanceKeys.find((name) => (resource[name] ?? '') !== '');
  const items = [is('service', service)];
  if (instance !== undefined) items.push(is(`resource.${instance}`, resource[instance] ?? ''));
  return { type: 'and', items };
}
