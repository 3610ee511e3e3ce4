import { describe, expect, it } from 'vitest';
import { encodeRequest, str } from '../../test/support/otlp/messages.js';
import { arrivalMs, decode } from './testing/decode.js';

const arrival = BigInt(arrivalMs) * 1_000_000n;
const at = (arrival - 5_000_000_001n).toString();

function logs(record: object, resource: object[] = [str('service.name', 'checkout')]): Buffer {
  return encodeRequest('logs', {
    resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ logRecords: [record] }] }],
  });
}

function one(bytes: Buffer, options?: Parameters<typeof decode>[2]): Record<string, unknown> {
  const { rows } = decode('logs', bytes, options);
  expect(rows.otel_logs).toHaveLength(1);
  return rows.otel_logs![0]!;
}

describe('decodeLogs', () => {
  it('puts every field into its column', () => {
    const bytes = encodeRequest('logs', {
      resourceLogs: [
        {
          resource: {
            attributes: [
              str('service.name', 'checkout'),
              str('service.version', '1.4.0'),
              str('deployment.environment.name', 'production'),
            ],
          },
          schemaUrl: 'https://opentelemetry.io/schemas/1.37.0',
          scopeLogs: [
            {
              scope: { name: 'lib', version: '2', attributes: [str('s', '1')] },
              schemaUrl: 'https://x/1',
              logRecords: [
                {
                  timeUnixNano: at,
                  observedTimeUnixNano: arrival.toString(),
                  severityNumber: 17,
                  severityText: 'error',
                  body: { stringValue: 'card declined' },
                  attributes: [
                    str('user.id', '42'),
                    { key: 'n', value: { intValue: '-9223372036854775808' } },
                    { key: 'ok', value: { boolValue: true } },
                    { key: 'd', value: { doubleValue: 0.5 } },
                    { key: 'none' },
                    { key: 'bytes', value: { bytesValue: Buffer.from([1, 2, 255]) } },
                    {
                      key: 'list',
                      value: {
                        arrayValue: {
                          values: [
                            { stringValue: 'a"b' },
                            { intValue: 3 },
                            { doubleValue: Number.NaN },
                            {},
                            { kvlistValue: { values: [{ key: 'k', value: { boolValue: false } }] } },
                          ],
                        },
                      },
                    },
                    { key: 'empty', value: { arrayValue: {} } },
                  ],
                  flags: 0x301,
                  traceId: Buffer.from('5b8efff798038103d269b633813fc60c', 'hex'),
                  spanId: Buffer.from('eee19b7ec3c1b174', 'hex'),
                  eventName: 'payment.declined',
                },
              ],
            },
          ],
        },
      ],
    });
    const { Fingerprint, ...row } = one(bytes);
    expect(row).toEqual({
      Timestamp: BigInt(at),
      TraceId: '5b8efff798038103d269b633813fc60c',
      SpanId: 'eee19b7ec3c1b174',
      TraceFlags: 1,
      SeverityText: 'error',
      SeverityNumber: 17,
      ServiceName: 'checkout',
      Body: 'card declined',
      ResourceSchemaUrl: 'https://opentelemetry.io/schemas/1.37.0',
      ResourceAttributes: {
        'service.name': 'checkout',
        'service.version': '1.4.0',
        'deployment.environment.name': 'production',
      },
      ScopeSchemaUrl: 'https://x/1',
      ScopeName: 'lib',
      ScopeVersion: '2',
      ScopeAttributes: { s: '1' },
      LogAttributes: {
        'user.id': '42',
        n: '-9223372036854775808',
        ok: 'true',
        d: '0.5',
        none: '',
        bytes: 'AQL/',
        list: '["a\\"b",3,"NaN",null,{"k":false}]',
        empty: '[]',
      },
      EventName: 'payment.declined',
      ServiceVersion: '1.4.0',
      Environment: 'production',
    });
    expect(Fingerprint).not.toBe(0n);
  });

  it('accepts the old instrumentation_library_logs', () => {
    const bytes = encodeRequest('logs', {
      resourceLogs: [{ instrumentationLibraryLogs: [{ logRecords: [{ timeUnixNano: at }] }] }],
    });
    expect(one(bytes)).toMatchObject({
      ServiceName: 'unknown_service',
      Timestamp: BigInt(at),
      Fingerprint: 0n,
    });
  });

  it('falls back to deployment.environment', () => {
    expect(one(logs({}, [str('deployment.environment', 'staging')]))).toMatchObject({
      Environment: 'staging',
    });
  });

  it.each([
    ['no number', { severityText: 'Warning' }, 'Warning', 13],
    ['no text', { severityNumber: 10 }, 'INFO2', 10],
    ['neither', {}, '', 0],
    ['a number that is none', { severityNumber: 99, severityText: 'FATAL' }, 'FATAL', 21],
    ['a negative number', { severityNumber: -1 }, '', 0],
    ['an unknown word', { severityText: 'odd' }, 'odd', 0],
  ])('maps severity: %s', (_, record, text, number) => {
    expect(one(logs(record))).toMatchObject({ SeverityText: text, SeverityNumber: number });
  });

  it.each([
    ['missing', {}, arrival, undefined],
    ['observed only', { observedTimeUnixNano: at }, BigInt(at), undefined],
    ['negative', { timeUnixNano: '18446744073709551615' }, arrival, '18446744073709551615'],
    ['beyond 2262', { timeUnixNano: '9223372036854775808' }, arrival, '9223372036854775808'],
    ['a year ahead', { timeUnixNano: (arrival + 31_536_000_000_000_000n).toString() }, arrival, 'ahead'],
    [
      'a minute ahead',
      { timeUnixNano: (arrival + 60_000_000_000n).toString() },
      arrival + 60_000_000_000n,
      undefined,
    ],
    ['just too far', { timeUnixNano: (arrival + 3_600_000_000_001n).toString() }, arrival, 'ahead'],
    ['one nanosecond', { timeUnixNano: '1' }, 1n, undefined],
  ])('judges times: %s', (_, record, timestamp, original) => {
    const { rows, report } = decode('logs', logs(record));
    const row = rows.otel_logs![0] as { Timestamp: bigint; LogAttributes: Record<string, string> };
    expect(row.Timestamp).toBe(timestamp);
    const kept = row.LogAttributes['lemni.original_timestamp'];
    if (original === 'ahead') expect(kept).toBe(record.timeUnixNano);
    else expect(kept).toBe(original);
    expect(report.notes.invalid_time).toBe(original === undefined ? 0 : 1);
  });

  it('leaves ids of the wrong length empty, with a note', () => {
    const { rows, report } = decode('logs', logs({ traceId: Buffer.alloc(15, 1), spanId: Buffer.alloc(8) }));
    expect(rows.otel_logs![0]).toMatchObject({ TraceId: '', SpanId: '' });
    expect(report.notes.invalid_id).toBe(1);
    expect(report.message()).toContain('trace or span ids left empty');
  });

  it('repairs invalid UTF-8', () => {
    const bytes = logs({ body: { stringValue: 'aXb' }, attributes: [str('keX', 'vX')] });
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0x58) bytes[i] = 0xff;
    const { rows, report } = decode('logs', bytes);
    expect(rows.otel_logs![0]).toMatchObject({ Body: 'a\ufffdb', LogAttributes: { 'ke\ufffd': 'v\ufffd' } });
    expect(report.notes.invalid_utf8).toBe(3);
  });

  it('names a service as deploys and feedback do when its name holds control characters', () => {
    const names = [
      str('service.name', 'a\u0000b\u001b'),
      str('service.version', '1\u0000'),
      str('deployment.environment.name', 'p\u0000'),
    ];
    expect(one(logs({}, names))).toMatchObject({
      ServiceName: 'a\ufffdb\ufffd',
      ServiceVersion: '1\ufffd',
      Environment: 'p\ufffd',
    });
  });

  it('keeps what is not ASCII as it is', () => {
    expect(one(logs({ body: { stringValue: 'Zahlung ✓ 漢字 🙂' } }))).toMatchObject({
      Body: 'Zahlung ✓ 漢字 🙂',
    });
  });

  it('cuts long texts at a character, with a mark', () => {
    const body = 'ü'.repeat(200);
    const { rows, report } = decode('logs', logs({ body: { stringValue: body } }), {
      limits: { maxBodyBytes: 101 },
    });
    expect(rows.otel_logs![0]!['Body']).toBe(`${'ü'.repeat(44)} [truncated]`);
    expect(report.notes.too_large).toBe(1);
  });

  it('drops attributes beyond the limit, with a note', () => {
    const attributes = Array.from({ length: 10_000 }, (_, i) => str(`k${i}`, 'v'));
    const { rows, report } = decode('logs', logs({ attributes }));
    expect(Object.keys(rows.otel_logs![0]!['LogAttributes'] as object)).toHaveLength(1000);
    expect(report.notes.too_many_attributes).toBe(9000);
  });

  it('stops at values that are nested too deeply', () => {
    let value: object = { stringValue: 'core' };
    for (let i = 0; i < 40; i++) value = { arrayValue: { values: [value] } };
    const { rows, report } = decode('logs', logs({ body: value }));
    expect(rows.otel_logs![0]!['Body']).toBe(`${'['.repeat(32)}"[too deep]"${']'.repeat(32)}`);
    expect(report.notes.too_deep).toBe(1);
  });

  it('refuses a request whose rows would grow without bound', () => {
    const bytes = encodeRequest('logs', {
      resourceLogs: [
        {
          resource: { attributes: [str('big', 'x'.repeat(60_000))] },
          scopeLogs: [{ logRecords: Array.from({ length: 5000 }, () => ({})) }],
        },
      ],
    });
    expect(() => decode('logs', bytes)).toThrow(/send fewer records at once/);
  });
});
