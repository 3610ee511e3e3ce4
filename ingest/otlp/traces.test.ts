import { describe, expect, it } from 'vitest';
import { encodeRequest, str } from '../../test/support/otlp/messages.js';
import { arrivalMs, decode } from './testing/decode.js';

const arrival = BigInt(arrivalMs) * 1_000_000n;
const start = arrival - 2_000_000_000n;
const trace = '5b8efff798038103d269b633813fc60c';
const ids = { traceId: Buffer.from(trace, 'hex'), spanId: Buffer.from('eee19b7ec3c1b174', 'hex') };

function spans(...list: object[]): Buffer {
  return encodeRequest('traces', {
    resourceSpans: [
      {
        resource: { attributes: [str('service.name', 'checkout'), str('service.version', '7')] },
        scopeSpans: [{ scope: { name: 'lib', version: '2' }, spans: list }],
      },
    ],
  });
}

describe('decodeTraces', () => {
  it('puts every field into its column', () => {
    const { rows, report } = decode(
      'traces',
      spans({
        ...ids,
        parentSpanId: Buffer.from('00f067aa0ba902b7', 'hex'),
        traceState: 'a=1',
        name: 'POST /pay',
        kind: 2,
        startTimeUnixNano: start.toString(),
        endTimeUnixNano: (start + 5_000_000_000n).toString(),
        attributes: [str('http.route', '/pay')],
        events: [
          {
            timeUnixNano: (start + 1n).toString(),
            name: 'exception',
            attributes: [str('exception.type', 'E')],
          },
          { name: 'second' },
        ],
        links: [{ ...ids, traceState: 'b=2', attributes: [str('l', '1')] }],
        status: { code: 2, message: 'declined' },
      }),
    );
    expect(report.message()).toBe('');
    expect(report.accepted).toBe(1);
    expect(rows.otel_traces).toEqual([
      {
        Timestamp: start,
        TraceId: trace,
        SpanId: 'eee19b7ec3c1b174',
        ParentSpanId: '00f067aa0ba902b7',
        TraceState: 'a=1',
        SpanName: 'POST /pay',
        SpanKind: 'Server',
        ServiceName: 'checkout',
        ResourceAttributes: { 'service.name': 'checkout', 'service.version': '7' },
        ScopeName: 'lib',
        ScopeVersion: '2',
        SpanAttributes: { 'http.route': '/pay' },
        Duration: 5_000_000_000n,
        StatusCode: 'Error',
        StatusMessage: 'declined',
        'Events.Timestamp': [start + 1n, start],
        'Events.Name': ['exception', 'second'],
        'Events.Attributes': [{ 'exception.type': 'E' }, {}],
        'Links.TraceId': [trace],
        'Links.SpanId': ['eee19b7ec3c1b174'],
        'Links.TraceState': ['b=2'],
        'Links.Attributes': [{ l: '1' }],
        ServiceVersion: '7',
        Environment: '',
      },
    ]);
  });

  it.each([
    ['borrows across the halves', 0xffff_fff0n + (1n << 32n), 0x10n + (3n << 32n), (1n << 32n) + 0x20n],
    ['is 0 when the end comes first', 200n, 100n, 0n],
    ['is 0 without an end', 200n, 0n, 0n],
    ['is 0 without a start', 0n, 200n, 0n],
  ])('the duration %s', (_, from, to, duration) => {
    const { rows } = decode(
      'traces',
      spans({ ...ids, startTimeUnixNano: from.toString(), endTimeUnixNano: to.toString() }),
    );
    expect(rows.otel_traces![0]!['Duration']).toBe(duration);
  });

  it.each([
    [0, 'Unspecified', 0, 'Unset'],
    [1, 'Internal', 1, 'Ok'],
    [3, 'Client', 2, 'Error'],
    [4, 'Producer', 3, 'Unset'],
    [5, 'Consumer', -1, 'Unset'],
    [6, 'Unspecified', 0, 'Unset'],
  ])('kind %i is %s, status %i is %s', (kind, kindName, code, status) => {
    const { rows } = decode('traces', spans({ ...ids, kind, status: { code } }));
    expect(rows.otel_traces![0]).toMatchObject({ SpanKind: kindName, StatusCode: status });
  });

  it('takes a span whose times cannot be, at the time of its arrival', () => {
    const far = (arrival + 90_000_000_000_000n).toString();
    const { rows, report } = decode(
      'traces',
      spans({
        ...ids,
        startTimeUnixNano: far,
        endTimeUnixNano: far,
        events: [{ timeUnixNano: far, name: 'e' }],
      }),
    );
    expect(rows.otel_traces![0]).toMatchObject({
      Timestamp: arrival,
      Duration: 0n,
      SpanAttributes: { 'lemni.original_timestamp': far },
      'Events.Timestamp': [arrival],
    });
    expect(report.notes.invalid_time).toBe(2);
  });

  it('bounds events and links', () => {
    const { rows, report } = decode(
      'traces',
      spans({
        ...ids,
        events: Array.from({ length: 30 }, () => ({ name: 'e' })),
        links: Array.from({ length: 20 }, () => ids),
      }),
      { limits: { maxAttributes: 10 } },
    );
    expect(rows.otel_traces![0]!['Events.Name']).toHaveLength(10);
    expect(rows.otel_traces![0]!['Links.TraceId']).toHaveLength(10);
    expect(report.notes.too_many_attributes).toBe(30);
  });

  it('accepts the old instrumentation_library_spans', () => {
    const bytes = encodeRequest('traces', {
      resourceSpans: [{ instrumentationLibrarySpans: [{ spans: [{ ...ids, name: 'old' }] }] }],
    });
    expect(decode('traces', bytes).rows.otel_traces).toMatchObject([{ SpanName: 'old' }]);
  });
});
