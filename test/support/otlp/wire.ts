import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  status as Code,
  type ServiceError,
} from '@grpc/grpc-js';
import { decodeAnswer } from './messages.js';

export type Signal = 'logs' | 'traces' | 'metrics';
export type Encoding = 'json' | 'protobuf';

export const mediaType: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

export interface OtlpAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly retryAfter: string | null;
  /** google.rpc.Status of an error, the Export*ServiceResponse otherwise. */
  readonly body: Record<string, unknown>;
}

/** Bytes as an OTLP/HTTP request, and the answer read in the encoding that was sent. */
export async function sendOtlp(
  url: string,
  encoding: Encoding,
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OtlpAnswer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': mediaType[encoding], ...headers },
    body,
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type'),
    retryAfter: answer.headers.get('retry-after'),
    body:
      encoding === 'json'
        ? (JSON.parse(bytes.toString()) as Record<string, unknown>)
        : decodeAnswer(answer.ok ? 'Response' : 'RpcStatus', bytes),
  };
}

const services: Readonly<Record<Signal, string>> = {
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
};

export interface GrpcAnswer {
  /** 0 is OK. */
  readonly code: Code;
  readonly details: string;
  readonly body: Record<string, unknown>;
}

/** One Export call with these bytes as its message; never throws for an answer of the server. */
export function exportOverGrpc(
  port: number,
  signal: Signal,
  body: Uint8Array,
  options: { readonly key?: string; readonly gzip?: boolean } = {},
): Promise<GrpcAnswer> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.default_compression_algorithm':
      options.gzip === true ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
  });
  const metadata = new Metadata();
  if (options.key !== undefined) metadata.set('authorization', `Bearer ${options.key}`);
  return new Promise((resolve) => {
    client.makeUnaryRequest<Buffer, Buffer>(
      `/${services[signal]}/Export`,
      (bytes) => bytes,
      (bytes) => bytes,
      Buffer.from(body),
      metadata,
      { deadline: Date.now() + 30_000 },
      (error: ServiceError | null, answer) => {
        client.close();
        if (error) resolve({ code: error.code, details: error.details, body: {} });
        else
          resolve({ code: Code.OK, details: '', body: decodeAnswer('Response', answer ?? Buffer.alloc(0)) });
      },
    );
  });
}
