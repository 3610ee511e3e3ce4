import { ProtobufWriter } from './protobuf-writer.js';

const services = ['frontend', 'checkout', 'cart', 'payment', 'shipping', 'search', 'catalog', 'accounts'];
const routes = ['/', '/cart', '/pay', '/search', '/products/{id}', '/login', '/orders/{id}', '/health'];
const words =
  'request finished order item user cache lookup database timeout retry accepted rejected queue worker batch session'.split(
    ' ',
  );
const severities = [
  [9, 'INFO'],
  [9, 'INFO'],
  [9, 'INFO'],
  [9, 'INFO'],
  [13, 'WARN'],
  [17, 'ERROR'],
  [5, 'DEBUG'],
  [9, 'INFO'],
] as const;

export interface PayloadOptions {
  readonly records: number;
  readonly random: () => number;
  /** Unix ms of the newest record; the others lie in the minute before it. */
  readonly now: number;
}

type Field = readonly [key: string, value: string | number];

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T; // The index is inside the list.
}

function attribute(writer: ProtobufWriter, field: number, [key, value]: Field): void {
  writer.message(field, () => {
    writer.string(1, key);
    writer.message(2, () => {
      if (typeof value === 'number') writer.varintField(3, value);
      else writer.string(1, value);
    });
  });
}

function resource(writer: ProtobufWriter, service: string, random: () => number): void {
  writer.message(1, () => {
    attribute(writer, 1, ['service.name', service]);
    attribute(writer, 1, ['service.version', '1.4.2']);
    attribute(writer, 1, ['deployment.environment.name', 'production']);
    attribute(writer, 1, ['service.instance.id', `${service}-${Math.floor(random() * 4)}`]);
    attribute(writer, 1, ['host.name', `node-${Math.floor(random() * 8)}`]);
  });
}

function nanos(now: number, random: () => number): bigint {
  return BigInt(Math.floor(now - random() * 60_000)) * 1_000_000n + BigInt(Math.floor(random() * 1_000_000));
}

function hex(random: () => number, bytes: number): Buffer {
  const id = Buffer.allocUnsafe(bytes);
  for (let i = 0; i < bytes; i++) id[i] = Math.floor(random() * 256);
  return id;
}

function sentence(random: () => number): string {
  const length = 6 + Math.floor(random() * 10);
  const parts = Array.from({ length }, () => pick(random, words));
  return `${parts.join(' ')} id=${Math.floor(random() * 1e6)} took ${Math.floor(random() * 900)} ms`;
}

/** An ExportLogsServiceRequest: records of about 300 bytes with six attributes each, of one service. */
export function logsBody({ records, random, now }: PayloadOptions): Buffer {
  const writer = new ProtobufWriter();
  writer.message(1, () => {
    resource(writer, pick(random, services), random);
    writer.message(2, () => {
      writer.message(1, () => writer.string(1, 'bench'));
      for (let i = 0; i < records; i++) {
        writer.message(2, () => {
          const [number, text] = pick(random, severities);
          writer.fixed64(1, nanos(now, random));
          writer.varintField(2, number);
          writer.string(3, text);
          writer.message(5, () => writer.string(1, sentence(random)));
          attribute(writer, 6, ['http.route', pick(random, routes)]);
          attribute(writer, 6, ['http.response.status_code', pick(random, [200, 200, 200, 201, 404, 500])]);
          attribute(writer, 6, ['user.id', `u${Math.floor(random() * 5000)}`]);
          attribute(writer, 6, [
            'client.address',
            `10.0.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`,
          ]);
          attribute(writer, 6, ['thread.name', `worker-${Math.floor(random() * 16)}`]);
          attribute(writer, 6, ['code.function.name', `handle_${pick(random, words)}`]);
          writer.bytes(9, hex(random, 16));
          writer.bytes(10, hex(random, 8));
        });
      }
    });
  });
  return writer.finish();
}

/** An ExportTraceServiceRequest: server and internal spans with six attributes each, of one service. */
export function tracesBody({ records, random, now }: PayloadOptions): Buffer {
  const writer = new ProtobufWriter();
  writer.message(1, () => {
    resource(writer, pick(random, services), random);
    writer.message(2, () => {
      writer.message(1, () => writer.string(1, 'bench'));
      let traceId = hex(random, 16);
      let parent: Buffer = Buffer.alloc(0);
      for (let i = 0; i < records; i++) {
        if (i % 8 === 0) {
          traceId = hex(random, 16);
          parent = Buffer.alloc(0);
        }
        const spanId = hex(random, 8);
        const start = nanos(now, random);
        const route = pick(random, routes);
        writer.message(2, () => {
          writer.bytes(1, traceId);
          writer.bytes(2, spanId);
          if (parent.length > 0) writer.bytes(4, parent);
          writer.string(5, `GET ${route}`);
          writer.varintField(6, i % 8 === 0 ? 2 : 1);
          writer.fixed64(7, start);
          writer.fixed64(8, start + BigInt(Math.floor(random() * 400_000_000)));
          attribute(writer, 9, ['http.request.method', 'GET']);
          attribute(writer, 9, ['http.route', route]);
          attribute(writer, 9, ['http.response.status_code', pick(random, [200, 200, 200, 404, 500])]);
          attribute(writer, 9, ['url.path', `/v/${Math.floor(random() * 1e5)}`]);
          attribute(writer, 9, ['user.id', `u${Math.floor(random() * 5000)}`]);
          attribute(writer, 9, ['server.address', 'shop.example.com']);
          writer.message(15, () => writer.varintField(3, random() < 0.02 ? 2 : 0));
        });
        if (i % 8 === 0) parent = spanId;
      }
    });
  });
  return writer.finish();
}
