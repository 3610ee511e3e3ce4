import { gzipSync } from 'node:zlib';
import type { ReplayGauge, ReplayLog, ReplaySignal, ReplaySpan } from './signals.js';

const severityNumbers: Readonly<Record<string, number>> = {
  TRACE: 1,
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
  FATAL: 21,
};

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** What every resource of a replay carries besides its service. */
export interface ReplayResource {
  readonly environment: string;
  /** Names this run, so that its signals can be told from all others. */
  readonly replayId: string;
}

export interface OtlpRequest {
  readonly path: '/v1/logs' | '/v1/traces' | '/v1/metrics';
  readonly body: Buffer;
  readonly items: number;
}

/** OTLP/JSON requests (opentelemetry-proto 1.11), gzipped, for signals whose times are shifted by `shift` ns. */
export function toRequests(
  signals: readonly ReplaySignal[],
  shift: bigint,
  resource: ReplayResource,
): OtlpRequest[] {
  const logs = signals.filter((signal) => signal.kind === 'log');
  const spans = signals.filter((signal) => signal.kind === 'span');
  const gauges = signals.filter((signal) => signal.kind === 'gauge');
  const requests: OtlpRequest[] = [];
  const add = (path: OtlpRequest['path'], items: number, body: unknown): void => {
    if (items > 0) requests.push({ path, items, body: gzipSync(JSON.stringify(body), { level: 1 }) });
  };
  add('/v1/traces', spans.length, {
    resourceSpans: grouped(spans, resource, (members) => ({
      scopeSpans: [{ scope: { name: 'replay' }, spans: members.map((span) => toSpan(span, shift)) }],
    })),
  });
  add('/v1/logs', logs.length, {
    resourceLogs: grouped(logs, resource, (members) => ({
      scopeLogs: [{ scope: { name: 'replay' }, logRecords: members.map((log) => toLog(log, shift)) }],
    })),
  });
  add('/v1/metrics', gauges.length, {
    resourceMetrics: grouped(gauges, resource, (members) => ({
      scopeMetrics: [
        { scope: { name: 'replay' }, metrics: members.flatMap((gauge) => toGauges(gauge, shift)) },
      ],
    })),
  });
  return requests;
}

function grouped<Signal extends ReplaySignal>(
  signals: readonly Signal[],
  { environment, replayId }: ReplayResource,
  render: (members: readonly Signal[]) => Record<string, unknown>,
): unknown[] {
  const groups = new Map<string, Signal[]>();
  for (const signal of signals) {
    const members = groups.get(signal.instance);
    if (members) members.push(signal);
    else groups.set(signal.instance, [signal]);
  }
  return [...groups].map(([instance, members]) => ({
    resource: {
      attributes: [
        text('service.name', members[0]?.service ?? ''),
        text('service.instance.id', instance),
        text('k8s.pod.name', instance),
        text('deployment.environment.name', environment),
        text('replay.id', replayId),
      ],
    },
    ...render(members),
  }));
}

function toSpan(span: ReplaySpan, shift: bigint): unknown {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.spanKind,
    startTimeUnixNano: String(span.start + shift),
    endTimeUnixNano: String(span.at + shift),
    status: {},
  };
}

function toLog(log: ReplayLog, shift: bigint): unknown {
  return {
    timeUnixNano: String(log.at + shift),
    observedTimeUnixNano: String(log.at + shift),
    severityText: log.severity,
    severityNumber: severityNumbers[log.severity] ?? 0,
    body: { stringValue: log.body },
    attributes: Object.entries(log.attributes).map(([key, value]) => text(key, value)),
    traceId: log.traceId,
    spanId: log.spanId,
  };
}

function toGauges(gauge: ReplayGauge, shift: bigint): unknown[] {
  return gauge.values.map(({ name, unit, value }) => ({
    name,
    unit,
    gauge: { dataPoints: [{ timeUnixNano: String(gauge.at + shift), asDouble: value }] },
  }));
}
