import type { LogRecord } from '../../../../src/http/contract/telemetry.js';
import type { AttributeRow } from '../../query-bar/attribute-list.js';
import { bandOf } from './severity-band.js';

/** Names that mean something of the record itself: an attribute of such a name is asked for with `attr.`. */
const taken = new Set([
  ...['service', 'service.name', 'version', 'service.version', 'env', 'environment', 'level', 'severity'],
  ...['body', 'message', 'event', 'event.name', 'pattern', 'fingerprint', 'scope', 'scope.name', 'status'],
  ...['trace_id', 'trace.id', 'traceId', 'span_id', 'span.id', 'spanId', 'deployment.environment.name'],
  ...['name', 'operation', 'kind', 'duration', 'parent_id'],
]);

export function attributeField(name: string): string {
  return taken.has(name) || /^(attr|resource|scope)\./.test(name) ? `attr.${name}` : name;
}

const rowsOf = (
  attributes: Readonly<Record<string, string>>,
  field: (name: string) => string,
): AttributeRow[] =>
  Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, field: field(name) }));

export function attributeRows(attributes: Readonly<Record<string, string>>): AttributeRow[] {
  return rowsOf(attributes, attributeField);
}

export function resourceRows(resource: Readonly<Record<string, string>>): AttributeRow[] {
  return rowsOf(resource, (name) => `resource.${name}`);
}

/** What every record has, where it has it. */
export function recordRows(record: LogRecord): AttributeRow[] {
  const rows: AttributeRow[] = [
    { name: 'service', value: record.service, field: 'service' },
    { name: 'version', value: record.version, field: 'version' },
    { name: 'environment', value: record.environment, field: 'environment' },
    { name: 'level', value: bandOf(record), field: 'level' },
    { name: 'event', value: record.eventName, field: 'event' },
    { name: 'pattern', value: record.fingerprint === '0' ? '' : record.fingerprint, field: 'pattern' },
    { name: 'trace_id', value: record.traceId, field: 'trace_id' },
    { name: 'span_id', value: record.spanId, field: 'span_id' },
  ];
  return rows.filter((row) => row.value !== '' && !(row.name === 'level' && row.value === 'unset'));
}

export function scopeRows(scope: LogRecord['scope']): AttributeRow[] {
  const own = [
    { name: 'name', value: scope.name, field: 'scope.name' },
    { name: 'version', value: scope.version, field: 'scope.version' },
  ];
  return [...own.filter((row) => row.value !== ''), ...rowsOf(scope.attributes, (name) => `scope.${name}`)];
}
