import type { Operations } from '../../http/contract/telemetry.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';

const maxServices = 500;
const maxOperations = 500;

/** Services, and the operations with most requests, of one service or of all. */
export async function operations(
  reader: TelemetryReader,
  { range, service }: { readonly range: Range; readonly service: string | undefined },
): Promise<Operations> {
  // The minute in which the range begins counts too.
  const minutes = { fromMs: range.fromMs - 59_999, toMs: range.toMs };
  const params = new SqlParams();
  const services = await reader.rows<{ service: string }>(
    `SELECT ServiceName AS service FROM service_minutes WHERE ${params.minutesWithin('Minute', minutes)}
GROUP BY service ORDER BY service LIMIT ${maxServices}`,
    params.values,
  );
  const more = new SqlParams();
  const conditions = [
    more.minutesWithin('Minute', minutes),
    ...(service === undefined ? [] : [`ServiceName = ${more.string(service)}`]),
  ];
  const found = await reader.rows<{ service: string; operation: string; requests: number }>(
    `SELECT ServiceName AS service, SpanName AS operation, sum(Requests) AS requests FROM service_minutes
WHERE ${conditions.join(' AND ')} GROUP BY service, operation
ORDER BY requests DESC, service, operation LIMIT ${maxOperations}`,
    more.values,
  );
  return { services: services.map((row) => row.service), operations: found };
}
