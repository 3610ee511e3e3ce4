import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { DataSet, ReplaySignal } from './signals.js';

type Row = Readonly<Record<string, string>>;

/** Nezha's train-ticket shop (IntelligentDDS/Nezha, MIT): one hour of logs, spans and pod metrics. */
export function isNezha(directory: string): boolean {
  return readdirSync(directory).some((name) => /^trace_.*\.csv(\.gz)?$/.test(name));
}

export function readNezha(directory: string): DataSet {
  const signals: ReplaySignal[] = [];
  const skipped: Record<string, number> = {};
  const each = (prefix: string, read: (row: Row) => ReplaySignal | undefined): void => {
    for (const row of rowsOf(directory, prefix)) {
      const signal = read(row);
      if (signal) signals.push(signal);
      else skipped[prefix] = (skipped[prefix] ?? 0) + 1;
    }
  };
  each('trace_', spanOf);
  each('log_', logOf);
  each('metric_', gaugeOf);
  signals.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { name: 'nezha', signals, skipped };
}

function rowsOf(directory: string, prefix: string): Row[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith(prefix) && /\.csv(\.gz)?$/.test(name))
    .sort()
    .flatMap((name) => {
      const bytes = readFileSync(join(directory, name));
      const text = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      return parse<Row>(text, {
        columns: true,
        skip_empty_lines: true,
        relax_column_count: true,
        relax_quotes: true,
      });
    });
}

/** `ts-seat-service-5c95b49cff-tdsdz` is a pod of the service `ts-seat-service`. */
export function serviceOfPod(pod: string): string {
  return pod.replace(/-[0-9a-f]{6,10}-[a-z0-9]{5}$/, '');
}

function nanos(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}

function spanOf(row: Row): ReplaySignal | undefined {
  const start = nanos(row['StartTimeUnixNano']);
  const end = nanos(row['EndTimeUnixNano']);
  const { TraceID: traceId, SpanID: spanId, ParentID: parent, PodName: pod, OperationName: name } = row;
  if (start === undefined || end === undefined || !traceId || !spanId || !pod || name === undefined)
    return undefined;
  return {
    kind: 'span',
    at: end,
    start,
    service: serviceOfPod(pod),
    instance: pod,
    traceId,
    spanId,
    parentSpanId: parent === undefined || parent === 'root' ? '' : parent,
    name,
    spanKind: kindOf(name),
  };
}

/** The data has no span kinds; the operation's name tells them: routes are served, statements and HTTP verbs call. */
function kindOf(operation: string): number {
  if (operation.startsWith('/')) return 2;
  if (/^(HTTP [A-Z]+|(SELECT|INSERT|UPDATE|DELETE) )/.test(operation)) return 3;
  return 1;
}

function logOf(row: Row): ReplaySignal | undefined {
  const at = nanos(row['TimeUnixNano']);
  const { PodName: pod, Log: raw } = row;
  if (at === undefined || !pod || raw === undefined) return undefined;
  const body = lineOf(raw);
  return {
    kind: 'log',
    at,
    service: serviceOfPod(pod),
    instance: pod,
    severity: /\b(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b/.exec(body)?.[1] ?? '',
    body,
    traceId: row['TraceID'] ?? '',
    spanId: row['SpanID'] ?? '',
    attributes: { 'k8s.container.name': row['Container'] ?? '', 'k8s.node.name': row['Node'] ?? '' },
  };
}

/** The container runtime wrapped each line in JSON. */
function lineOf(raw: string): string {
  try {
    const wrapped: unknown = JSON.parse(raw);
    if (typeof wrapped === 'object' && wrapped !== null && 'log' in wrapped)
      return String(wrapped.log).trimEnd();
  } catch {
    // A line that was not wrapped stands for itself.
  }
  return raw;
}

/** `CpuUsage(m)` is the gauge `pod.cpu_usage` in `m`. */
function gaugeOf(row: Row): ReplaySignal | undefined {
  const { TimeStamp: seconds, PodName: pod } = row;
  if (seconds === undefined || !/^\d+$/.test(seconds) || !pod) return undefined;
  const values = Object.entries(row).flatMap(([column, text]) => {
    const [, words, unit] = /^([A-Za-z0-9]+)(?:\((.*)\))?$/.exec(column) ?? [];
    const value = Number(text);
    if (
      words === undefined ||
      ['Time', 'TimeStamp', 'PodName'].includes(words) ||
      text === '' ||
      !Number.isFinite(value)
    ) {
      return [];
    }
    const name = words.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
    return [{ name: `pod.${name}`, unit: unit ?? '1', value }];
  });
  return {
    kind: 'gauge',
    at: BigInt(seconds) * 1_000_000_000n,
    service: serviceOfPod(pod),
    instance: pod,
    values,
  };
}
