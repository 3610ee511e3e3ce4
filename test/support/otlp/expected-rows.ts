import type { Row } from '../rowbinary-reader.js';
import type { Value } from './arbitrary.js';

/**
 * What rows a message must become, written down a second time and plainly: bigints, strings and objects. It
 * shares no code with the decoder that it judges.
 */
export interface Judge {
  readonly arrivalMs: number;
  readonly maxFutureMs: number;
}

type List = Value[];
const list = (value: unknown): List => (value as List | undefined) ?? [];
const text = (value: unknown): string => Buffer.from((value as string | undefined) ?? '').toString();
const big = (value: unknown): bigint => BigInt((value as string | undefined) ?? 0);

function asJson(value: Value): unknown {
  const [[kind, inner] = []] = Object.entries(value);
  switch (kind) {
    case undefined:
      return null;
    case 'arrayValue':
      return list((inner as Value)['values']).map(asJson);
    case 'kvlistValue':
      return list((inner as Value)['values']);
    case 'bytesValue':
      return Buffer.from(inner as Uint8Array).toString('base64');
    case 'stringValue':
      return text(inner);
    default:
      return inner;
  }
}

function jsonText(value: Value): string {
  if ('intValue' in value) return value['intValue'] as string;
  if ('doubleValue' in value) {
    const number = value['doubleValue'] as number;
    if (Object.is(number, -0)) return '-0';
    return Number.isFinite(number) ? String(number) : `"${number}"`;
  }
  if ('arrayValue' in value)
    return `[${list((value['arrayValue'] as Value)['values'])
      .map(jsonText)
      .join(',')}]`;
  if ('kvlistValue' in value) {
    const members = list((value['kvlistValue'] as Value)['values']).map(
      (entry) =>
        `${JSON.stringify(text(entry['key']))}:${jsonText((entry['value'] as Value | undefined) ?? {})}`,
    );
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(asJson(value));
}

export function valueText(value: Value | undefined): string {
  if (!value) return '';
  if ('stringValue' in value) return text(value['stringValue']);
  if ('bytesValue' in value) return Buffer.from(value['bytesValue'] as Uint8Array).toString('base64');
  if ('boolValue' in value) return String(value['boolValue']);
  if ('doubleValue' in value && !Number.isFinite(value['doubleValue'])) return String(value['doubleValue']);
  return Object.keys(value).length === 0 ? '' : jsonText(value);
}

function attributes(value: unknown): Record<string, string> {
  return Object.fromEntries(
    list(value).map((entry) => [text(entry['key']), valueText(entry['value'] as Value)]),
  );
}

const id = (value: unknown, size: number): string => {
  const hex = Buffer.from((value as Uint8Array | undefined) ?? []).toString('hex');
  return hex.length === 2 * size && /[^0]/.test(hex) ? hex : '';
};

function time(value: bigint, judge: Judge, fallback: bigint): { at: bigint; original: string } {
  if (value === 0n) return { at: fallback, original: '' };
  if (value <= BigInt(judge.arrivalMs + judge.maxFutureMs) * 1_000_000n) return { at: value, original: '' };
  return { at: fallback, original: String(value) };
}

function resourceColumns(resource: unknown): Row & { ResourceAttributes: Record<string, string> } {
  const all = attributes((resource as Value | undefined)?.['attributes']);
  return {
    ServiceName: all['service.name'] || 'unknown_service',
    ResourceAttributes: all,
    ServiceVersion: all['service.version'] ?? '',
    Environment: all['deployment.environment.name'] || (all['deployment.environment'] ?? ''),
  };
}

const words = [
  ['trace', 1],
  ['debug', 5],
  ['info', 9],
  ['warn', 13],
  ['error', 17],
  ['fatal', 21],
  ['warning', 13],
] as const;

export function expectedLogs(request: Value, judge: Judge): Row[] {
  const arrival = BigInt(judge.arrivalMs) * 1_000_000n;
  const rows: Row[] = [];
  for (const perResource of list(request['resourceLogs'])) {
    for (const perScope of list(perResource['scopeLogs'])) {
      const scope = (perScope['scope'] ?? {}) as Value;
      for (const record of list(perScope['logRecords'])) {
        const sent = big(record['timeUnixNano']) || big(record['observedTimeUnixNano']);
        const { at, original } = time(sent, judge, arrival);
        const number = (record['severityNumber'] as number | undefined) ?? 0;
        const severity = number >= 1 && number <= 24 ? number : 0;
        const severityText = text(record['severityText']);
        const said = words.find(([word]) => word === severityText.trim().toLowerCase())?.[1] ?? 0;
        const step = (severity - 1) % 4;
        const name = severity === 0 ? '' : words[Math.floor((severity - 1) / 4)]![0].toUpperCase();
        rows.push({
          ...resourceColumns(perResource['resource']),
          Timestamp: at,
          TraceId: id(record['traceId'], 16),
          SpanId: id(record['spanId'], 8),
          TraceFlags: Number(record['flags'] ?? 0) % 256,
          SeverityText: severityText || (step > 0 ? `${name}${step + 1}` : name),
          SeverityNumber: severity || said,
          Body: valueText(record['body'] as Value),
          ResourceSchemaUrl: text(perResource['schemaUrl']),
          ScopeSchemaUrl: text(perScope['schemaUrl']),
          ScopeName: text(scope['name']),
          ScopeVersion: text(scope['version']),
          ScopeAttributes: attributes(scope['attributes']),
          LogAttributes: {
            ...attributes(record['attributes']),
            ...(original === '' ? {} : { 'lemni.original_timestamp': original }),
          },
          EventName: text(record['eventName']),
        });
      }
    }
  }
  return rows;
}

const kinds = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];

export function expectedSpans(request: Value, judge: Judge): Row[] {
  const arrival = BigInt(judge.arrivalMs) * 1_000_000n;
  const rows: Row[] = [];
  for (const perResource of list(request['resourceSpans'])) {
    for (const perScope of list(perResource['scopeSpans'])) {
      const scope = (perScope['scope'] ?? {}) as Value;
      for (const span of list(perScope['spans'])) {
        const start = big(span['startTimeUnixNano']);
        const end = big(span['endTimeUnixNano']);
        const { at, original } = time(start, judge, arrival);
        const events = list(span['events']);
        const links = list(span['links']);
        const status = (span['status'] ?? {}) as Value;
        rows.push({
          ...resourceColumns(perResource['resource']),
          Timestamp: at,
          TraceId: id(span['traceId'], 16),
          SpanId: id(span['spanId'], 8),
          ParentSpanId: id(span['parentSpanId'], 8),
          TraceState: text(span['traceState']),
          SpanName: text(span['name']),
          SpanKind: kinds[Number(span['kind'] ?? 0)] ?? 'Unspecified',
          ScopeName: text(scope['name']),
          ScopeVersion: text(scope['version']),
          SpanAttributes: {
            ...attributes(span['attributes']),
            ...(original === '' ? {} : { 'lemni.original_timestamp': original }),
          },
          Duration: start > 0n && end > start ? end - start : 0n,
          StatusCode: ['Unset', 'Ok', 'Error'][Number(status['code'] ?? 0)] ?? 'Unset',
          StatusMessage: text(status['message']),
          'Events.Timestamp': events.map((event) => time(big(event['timeUnixNano']), judge, at).at),
          'Events.Name': events.map((event) => text(event['name'])),
          'Events.Attributes': events.map((event) => attributes(event['attributes'])),
          'Links.TraceId': links.map((link) => id(link['traceId'], 16)),
          'Links.SpanId': links.map((link) => id(link['spanId'], 8)),
          'Links.TraceState': links.map((link) => text(link['traceState'])),
          'Links.Attributes': links.map((link) => attributes(link['attributes'])),
        });
      }
    }
  }
  return rows;
}
