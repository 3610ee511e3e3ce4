import { randomBytes } from 'node:crypto';

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

export interface Resource {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
}

function resource({ service, version, environment }: Resource) {
  return {
    attributes: [
      text('service.name', service),
      ...(version === undefined ? [] : [text('service.version', version)]),
      ...(environment === undefined ? [] : [text('deployment.environment.name', environment)]),
    ],
  };
}

export interface LogInput {
  readonly body: string;
  readonly at?: number;
  readonly severity?: number;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** An ExportLogsServiceRequest in OTLP/JSON. */
export function logsRequest(from: Resource, logs: readonly LogInput[]): unknown {
  return {
    resourceLogs: [
      {
        resource: resource(from),
        scopeLogs: [
          {
            scope: { name: 'test' },
            logRecords: logs.map((log) => ({
              timeUnixNano: `${log.at ?? Date.now()}000000`,
              severityNumber: log.severity ?? 9,
              body: { stringValue: log.body },
              traceId: log.traceId ?? '',
              spanId: log.spanId ?? '',
              attributes: Object.entries(log.attributes ?? {}).map(([key, value]) => text(key, value)),
            })),
          },
        ],
      },
    ],
  };
}

export interface SpanInput {
  readonly name: string;
  readonly failed?: boolean;
  readonly at?: number;
  readonly durationMs?: number;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  /** 2 is a server span: a request. */
  readonly kind?: number;
}

export const newTraceId = (): string => randomBytes(16).toString('hex');
export const newSpanId = (): string => randomBytes(8).toString('hex');

/** An ExportTraceServiceRequest in OTLP/JSON. */
export function tracesRequest(from: Resource, spans: readonly SpanInput[]): unknown {
  return {
    resourceSpans: [
      {
        resource: resource(from),
        scopeSpans: [
          {
            scope: { name: 'test' },
            spans: spans.map((span) => {
              const start = BigInt(span.at ?? Date.now()) * 1_000_000n;
              return {
                traceId: span.traceId ?? newTraceId(),
                spanId: span.spanId ?? newSpanId(),
                parentSpanId: span.parentSpanId ?? '',
                name: span.name,
                kind: span.kind ?? 2,
                startTimeUnixNano: String(start),
                endTimeUnixNano: String(start + BigInt(Math.round((span.durationMs ?? 20) * 1e6))),
                status: span.failed === true ? { code: 2, message: 'it failed' } : {},
              };
            }),
          },
        ],
      },
    ],
  };
}

export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
