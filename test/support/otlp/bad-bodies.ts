import { gzipSync } from 'node:zlib';
import { encodeRequest, str } from './messages.js';
import type { Encoding, Signal } from './wire.js';

export const MiB = 1024 * 1024;

/** An Export*ServiceRequest with these records of one service, in either encoding. */
export function logsOf(encoding: Encoding, service: string, records: readonly object[]): Buffer {
  const request = {
    resourceLogs: [
      {
        resource: { attributes: [str('service.name', service)] },
        scopeLogs: [{ scope: { name: 'test' }, logRecords: records }],
      },
    ],
  };
  return encoding === 'json' ? Buffer.from(JSON.stringify(request)) : encodeRequest('logs', request);
}

/** Good telemetry of each signal, for what is then broken. */
export function goodBody(signal: Signal, encoding: Encoding): Buffer {
  const resource = { attributes: [str('service.name', 'broken')] };
  const at = `${Date.now()}000000`;
  const span = {
    ...(encoding === 'json'
      ? { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
      : { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 1) }),
    name: 'GET /',
    startTimeUnixNano: at,
    endTimeUnixNano: at,
  };
  const request = {
    logs: { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ timeUnixNano: at }] }] }] },
    traces: { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] },
    metrics: {
      resourceMetrics: [
        {
          resource,
          scopeMetrics: [
            { metrics: [{ name: 'm', gauge: { dataPoints: [{ timeUnixNano: at, asDouble: 1 }] } }] },
          ],
        },
      ],
    },
  }[signal];
  return encoding === 'json' ? Buffer.from(JSON.stringify(request)) : encodeRequest(signal, request);
}

/** A log record whose body is an array in an array in an array ..., `levels` deep. */
export function deepLogs(encoding: Encoding, service: string, levels: number): Buffer {
  if (encoding === 'json') {
    const [before = '', after = ''] = logsOf('json', service, [{ body: '@' }])
      .toString()
      .split('"@"');
    const open = '{"arrayValue":{"values":['.repeat(levels);
    return Buffer.from(`${before}${open}{"stringValue":"deep"}${']}}'.repeat(levels)}${after}`);
  }
  // AnyValue { array_value = 5: ArrayValue { values = 1: AnyValue } }, from the inside out.
  const innermost = field(0x0a, Buffer.from('deep'));
  const heads: Buffer[] = [];
  let size = innermost.length;
  for (let level = 0; level < levels; level++) {
    for (const tag of [0x0a, 0x2a]) {
      const head = Buffer.from([tag, ...varint(size)]);
      heads.push(head);
      size += head.length;
    }
  }
  const record = field(0x2a, Buffer.concat([...heads.reverse(), innermost]));
  const resource = field(0x0a, encodeResource(service));
  return field(0x0a, Buffer.concat([resource, field(0x12, field(0x12, record))]));
}

/** Gzip that becomes `mebibytes` of zeros; a thousandth of that on the wire. */
export function gzipBomb(mebibytes: number): Buffer {
  const one = gzipSync(Buffer.alloc(MiB));
  return Buffer.concat(Array.from({ length: mebibytes }, () => one));
}

/** A valid request of nearly `bytes` bytes: log records of 100 kB. */
export function hugeLogs(encoding: Encoding, service: string, bytes: number): Buffer {
  const text = 'a long line that somebody logs '.repeat(3300);
  const record = { body: { stringValue: text } };
  const frame = 1000;
  const each = text.length + 60;
  return logsOf(
    encoding,
    service,
    Array.from({ length: Math.floor((bytes - frame) / each) }, () => record),
  );
}

function encodeResource(service: string): Buffer {
  const name = field(0x0a, Buffer.from('service.name'));
  const value = field(0x12, field(0x0a, Buffer.from(service)));
  return field(0x0a, Buffer.concat([name, value]));
}

function field(tag: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
