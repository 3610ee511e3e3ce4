import type { Position } from '../lib/cursor.js';
import type { TelemetryReader } from '../store/telemetry/database.js';
import type { Change, Commit } from '../model/changes.js';

/** A change as telemetry keeps it: what only recognizes and places it lies in the state store. */
export type ChangeRow = Omit<Change, 'fixes' | 'fingerprint'>;

export interface ChangeFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly type?: string | undefined;
  /** Unix milliseconds, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly before?: Position | undefined;
  readonly limit: number;
}

const columns = `Id AS id, toUnixTimestamp64Milli(At) AS at, Type AS type, ServiceName AS service,
  Environment AS environment, ServiceVersion AS version, Status AS status, Commit AS commit, Url AS url,
  Actor AS actor, Source AS source, toUnixTimestamp64Milli(StartedAt) AS startedAt,
  toUnixTimestamp64Milli(FinishedAt) AS finishedAt, Commits AS commits, Attributes AS attributes,
  toUnixTimestamp64Milli(ReceivedAt) AS receivedAt`;

type Raw = Omit<ChangeRow, 'commits'> & { readonly commits: string };

/** Newest first. FINAL: of a change that was told several times the last telling counts. */
export async function listChanges(reader: TelemetryReader, filter: ChangeFilter): Promise<ChangeRow[]> {
  const { service, environment, type, from, to, before, limit } = filter;
  const conditions = [
    service === undefined ? '' : 'ServiceName = {service:String}',
    environment === undefined ? '' : 'Environment = {environment:String}',
    type === undefined ? '' : 'Type = {type:String}',
    from === undefined ? '' : 'At >= fromUnixTimestamp64Milli({from:Int64})',
    to === undefined ? '' : 'At <= fromUnixTimestamp64Milli({to:Int64})',
    before
      ? '(At < fromUnixTimestamp64Milli({beforeAt:Int64}) OR At = fromUnixTimestamp64Milli({beforeAt:Int64}) AND Id < {beforeId:String})'
      : '',
  ].filter((condition) => condition !== '');
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const sql = `SELECT ${columns} FROM changes FINAL ${where} ORDER BY At DESC, Id DESC LIMIT {limit:UInt32}`;
  const params = { service, environment, type, from, to, beforeAt: before?.at, beforeId: before?.id, limit };
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
  const rows = await reader.rows<Raw>(sql, given);
  return rows.map((row) => ({ ...row, commits: commitsOf(row.commits) }));
}

function commitsOf(json: string): Commit[] {
  try {
    return JSON.parse(json === '' ? '[]' : json) as Commit[]; // Written by ingest/changes/encode.ts.
  } catch {
    return [];
  }
}
