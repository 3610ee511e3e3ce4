import {
  Metadata,
  Server,
  ServerCredentials,
  type handleUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { BadInput } from '../../src/lib/errors.js';
import { refusalOf } from './counters.js';
import type { OtlpIntake } from './intake.js';
import type { GrpcDoor, IngestConfig } from './ports.js';
import type { OtlpSignal } from './signal.js';
import { encodeResponse, encodeStatusDetails, wireError } from './wire-status.js';

export interface OtlpGrpcDeps {
  readonly intake: OtlpIntake;
  readonly door: GrpcDoor;
  readonly config: IngestConfig;
  readonly logger: Pick<Logger, 'error'>;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface OtlpGrpc {
  start(): Promise<{ port: number }>;
  /** Finishes the calls that are under way, for at most `graceMs` (5 s). */
  stop(graceMs?: number): Promise<void>;
}

const services: Readonly<Record<OtlpSignal, string>> = {
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
};

const asIs = (bytes: Buffer): Buffer => bytes;

/**
 * OTLP/gRPC: the three Export calls, without TLS (put a proxy in front where the network is not trusted).
 * Messages come as bytes, so gRPC costs its framing only; grpc-js inflates gzip within the same bound.
 */
export function createOtlpGrpc(deps: OtlpGrpcDeps): OtlpGrpc {
  const server = new Server({
    'grpc.max_receive_message_length': deps.config.maxDecompressedBody,
    // A connection may not hold more messages in memory than all requests together may.
    'grpc.max_concurrent_streams': 64,
  });
  for (const signal of ['logs', 'metrics', 'traces'] as const) {
    const definition: ServiceDefinition = {
      Export: {
        path: `/${services[signal]}/Export`,
        requestStream: false,
        responseStream: false,
        requestSerialize: asIs,
        requestDeserialize: asIs,
        responseSerialize: asIs,
        responseDeserialize: asIs,
      },
    };
    const implementation: UntypedServiceImplementation = { Export: exportCall(deps, signal) };
    server.addService(definition, implementation);
  }
  const address = `${deps.host.includes(':') ? `[${deps.host}]` : deps.host}:${deps.port}`;
  let started = false;

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
          if (error) {
            reject(
              new Error(
                `OTLP/gRPC cannot listen on ${address}: ${error.message}. Is the port taken? Set another one with LEMNI_GRPC_PORT.`,
                { cause: error },
              ),
            );
            return;
          }
          started = true;
          resolve({ port });
        });
      }),
    stop: (graceMs = 5000) =>
      new Promise((resolve) => {
        if (!started) {
          server.forceShutdown();
          resolve();
          return;
        }
        const timer = setTimeout(() => server.forceShutdown(), graceMs);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

function exportCall(deps: OtlpGrpcDeps, signal: OtlpSignal): handleUnaryCall<Buffer, Buffer> {
  const { intake, door, logger } = deps;
  return (call, callback) => {
    const handle = async (): Promise<Buffer> => {
      // The message and its rows.
      const reservation = intake.inFlight.reserve(2);
      try {
        const header = keyOf(call.metadata);
        if (!(await door.authorize(header, addressOf(call.getPeer())))) {
          throw new BadInput(
            'unauthenticated',
            header === undefined
              ? 'Telemetry needs a key: send it as the metadata "authorization: Bearer KEY" (lemni keys create --scope ingest).'
              : 'This key is not known, was revoked, or may not send telemetry.',
          );
        }
        reservation.set(call.request.length);
        const body = call.request;
        const report = await intake.accept({ signal, encoding: 'protobuf', body, reservation });
        return encodeResponse('protobuf', signal, report);
      } finally {
        reservation.release();
      }
    };
    handle().then(
      (response) => {
        intake.counters.requests.inc({ signal, transport: 'grpc', code: '0' });
        callback(null, response);
      },
      (error: unknown) => {
        const problem = wireError(error);
        intake.counters.requests.inc({ signal, transport: 'grpc', code: String(problem.grpcCode) });
        intake.counters.refused.inc({ signal, reason: refusalOf(error) });
        if (problem.httpStatus === 500) logger.error({ err: error, signal }, 'an OTLP call failed');
        const metadata = new Metadata();
        metadata.set('grpc-status-details-bin', encodeStatusDetails(problem));
        callback({ code: problem.grpcCode, details: problem.message, metadata });
      },
    );
  };
}

/** `authorization` as it came, or a bare key in `x-api-key`. */
function keyOf(metadata: Metadata): string | undefined {
  const value = metadata.get('authorization')[0] ?? metadata.get('x-api-key')[0];
  return typeof value === 'string' ? value : undefined;
}

/** The address of `127.0.0.1:4711`, `[::1]:4711` or `ipv4:127.0.0.1:4711`. */
function addressOf(peer: string): string {
  const withoutScheme = peer.replace(/^ipv[46]:/, '');
  const bracketed = /^\[([^\]]*)\]/.exec(withoutScheme);
  if (bracketed) return bracketed[1] ?? '';
  const port = withoutScheme.lastIndexOf(':');
  return port < 0 ? withoutScheme : withoutScheme.slice(0, port);
}
