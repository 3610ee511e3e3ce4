import { status as Code } from '@grpc/grpc-js';
import { BadInput, messageOf, Unavailable } from '../../src/lib/errors.js';
import type { DecodeReport } from './report.js';
import type { OtlpEncoding, OtlpSignal } from './signal.js';

/** How an error is told to an OTLP sender. Only 429 and 503 make it send again. */
export interface WireError {
  readonly httpStatus: number;
  readonly grpcCode: Code;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

const badInput = {
  bad_request: [400, Code.INVALID_ARGUMENT],
  unauthenticated: [401, Code.UNAUTHENTICATED],
  forbidden: [403, Code.PERMISSION_DENIED],
  not_found: [404, Code.NOT_FOUND],
  conflict: [409, Code.INVALID_ARGUMENT],
  too_large: [413, Code.RESOURCE_EXHAUSTED],
  unsupported_media_type: [415, Code.INVALID_ARGUMENT],
  rate_limited: [429, Code.UNAVAILABLE],
} as const;

export function wireError(error: unknown): WireError {
  if (error instanceof BadInput) {
    const [httpStatus, grpcCode] = badInput[error.code];
    const wait = error.code === 'rate_limited' ? { retryAfterSeconds: error.retryAfterSeconds ?? 1 } : {};
    return { httpStatus, grpcCode, message: messageOf(error), ...wait };
  }
  if (error instanceof Unavailable) {
    return {
      httpStatus: 503,
      grpcCode: Code.UNAVAILABLE,
      message: messageOf(error),
      // An exporter's whole budget may be 10 s; a longer wait makes it drop the batch at once (OTel JS 0.223).
      retryAfterSeconds: Math.min(3, Math.max(1, Math.ceil(error.retryAfterSeconds))),
    };
  }
  return {
    httpStatus: 500,
    grpcCode: Code.INTERNAL,
    message: 'Lemni made a mistake with this request; its log says more.',
  };
}

/** google.rpc.Status in the request's encoding. */
export function encodeStatus(encoding: OtlpEncoding, code: number, message: string): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([Buffer.from([0x08, code]), textField(0x12, message)]);
}

/**
 * google.rpc.Status with a RetryInfo when the sender may try again (for `grpc-status-details-bin`): gRPC
 * exporters retry what has one.
 */
export function encodeStatusDetails({ grpcCode, message, retryAfterSeconds }: WireError): Buffer {
  const status = encodeStatus('protobuf', grpcCode, message);
  if (retryAfterSeconds === undefined) return status;
  // RetryInfo { retry_delay = 1: Duration { seconds = 1 } } in an Any { type_url = 1, value = 2 }.
  const seconds = Buffer.concat([Buffer.from([0x08]), varint(retryAfterSeconds)]);
  const info = Buffer.concat([Buffer.from([0x0a]), varint(seconds.length), seconds]);
  const any = Buffer.concat([
    textField(0x0a, 'type.googleapis.com/google.rpc.RetryInfo'),
    Buffer.from([0x12]),
    varint(info.length),
    info,
  ]);
  return Buffer.concat([status, Buffer.from([0x1a]), varint(any.length), any]);
}

const rejectedField = {
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
  traces: 'rejectedSpans',
} as const satisfies Record<OtlpSignal, string>;

/** Export*ServiceResponse: empty when everything was kept as it was sent, as the specification demands. */
export function encodeResponse(encoding: OtlpEncoding, signal: OtlpSignal, report: DecodeReport): Buffer {
  const message = report.message();
  if (message === '') return encoding === 'json' ? Buffer.from('{}') : Buffer.alloc(0);
  if (encoding === 'json') {
    const partial = {
      ...(report.rejected > 0 ? { [rejectedField[signal]]: String(report.rejected) } : {}),
      errorMessage: message,
    };
    return Buffer.from(JSON.stringify({ partialSuccess: partial }));
  }
  const rejected =
    report.rejected > 0 ? Buffer.concat([Buffer.from([0x08]), varint(report.rejected)]) : Buffer.alloc(0);
  const partial = Buffer.concat([rejected, textField(0x12, message)]);
  return Buffer.concat([Buffer.from([0x0a]), varint(partial.length), partial]);
}

function textField(tag: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([tag]), varint(bytes.length), bytes]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
