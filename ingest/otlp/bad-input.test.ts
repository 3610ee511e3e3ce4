import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../src/lib/errors.js';
import { requests, toJson, type Value } from '../../test/support/otlp/arbitrary.js';
import { encodeRequest, str } from '../../test/support/otlp/messages.js';
import { jsonToProtobuf } from './json/transcode.js';
import { otlpSignals, type OtlpSignal } from './signal.js';
import { decode } from './testing/decode.js';

const runs = { seed: 20_261_122, numRuns: 150 };

/** Decodes; bad input may be refused as BadInput and in no other way. */
function survives(signal: OtlpSignal, bytes: Buffer): 'taken' | 'refused' {
  try {
    decode(signal, bytes);
    return 'taken';
  } catch (error) {
    if (error instanceof BadInput) return 'refused';
    throw error;
  }
}

const rich = (signal: OtlpSignal): Buffer => {
  const [message] = fc.sample(
    requests[signal].filter((request) => JSON.stringify(request, (_, v: unknown) => v).length > 1500),
    { seed: 7, numRuns: 1 },
  );
  return encodeRequest(signal, message as Value);
};

describe.each(otlpSignals)('%s', (signal) => {
  it('survive being cut at every byte', () => {
    const bytes = rich(signal);
    const outcomes = new Set<string>();
    for (let end = 0; end < bytes.length; end++) outcomes.add(survives(signal, bytes.subarray(0, end)));
    expect(outcomes).toContain('refused');
    expect(bytes.length).toBeGreaterThan(300);
  });

  it('survive every byte being another', () => {
    const bytes = rich(signal);
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0x00, 0x7f, 0x80, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        survives(signal, changed);
      }
    }
  });

  it('survive random changes of random messages', () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'insert', 'remove'));
    fc.assert(
      fc.property(requests[signal], fc.array(change, { minLength: 1, maxLength: 8 }), (request, changes) => {
        let bytes = encodeRequest(signal, request);
        for (const [position, value, kind] of changes) {
          const at = bytes.length === 0 ? 0 : position % bytes.length;
          const insert = kind === 'remove' ? [] : [value];
          bytes = Buffer.concat([
            bytes.subarray(0, at),
            Buffer.from(insert),
            bytes.subarray(kind === 'insert' ? at : at + 1),
          ]);
        }
        survives(signal, bytes);
      }),
      runs,
    );
  });

  it('survive random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        survives(signal, Buffer.from(bytes));
      }),
      { ...runs, numRuns: 500 },
    );
  });

  it('survive any JSON, and JSON of the wrong types', () => {
    const json = (text: string): void => {
      try {
        decode(signal, jsonToProtobuf(signal, Buffer.from(text)));
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
      }
    };
    fc.assert(fc.property(fc.json(), json), runs);
    const wrong = fc.constantFrom(
      'null',
      '[]',
      '{}',
      '"x"',
      '1e400',
      '-1',
      'true',
      '[[[]]]',
      '12345678901234567890',
    );
    fc.assert(
      fc.property(requests[signal], fc.nat(), wrong, (request, position, value) => {
        const text = toJson(request);
        const places = [...text.matchAll(/:("[^"\\]*"|-?\d+|true|false)/g)];
        const place = places[position % Math.max(1, places.length)];
        if (!place) return;
        json(text.slice(0, place.index + 1) + value + text.slice(place.index + place[0].length));
      }),
      runs,
    );
  });
});

describe('protobuf that lies', () => {
  const message = (...bytes: number[]): Buffer => Buffer.from(bytes);
  it.each([
    ['a length beyond the end', message(0x0a, 0x05, 0x00), /byte 1: a field claims 5 bytes/],
    ['a length of 2 GiB', message(0x0a, 0xff, 0xff, 0xff, 0xff, 0x07), /claims 2147483647 bytes/],
    ['a length of 2^63', message(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), /claims/],
    ['a number of 11 bytes', message(0x08, ...Array<number>(11).fill(0x80)), /longer than 10 bytes/],
    ['a number without an end', message(0x08, 0x80), /runs past the end/],
    ['a tag of zero', message(0x00), /not a field's tag/],
    ['a group', message(0x0b, 0x0c), /groups are not supported/],
    ['wire type 6', message(0x0e), /wire type 6/],
    ['a cut double', message(0x09, 0x00), /runs past the end/],
    ['a field that leaves its message', message(0x0a, 0x02, 0x12, 0x04, 0, 0, 0, 0), /claims 4 bytes/],
  ])('%s is refused with the byte', (_, bytes, why) => {
    expect(() => decode('logs', bytes)).toThrow(why);
    expect(() => decode('logs', bytes)).toThrow(BadInput);
  });

  it('skips fields it does not know, of every wire type', () => {
    const unknown = Buffer.from([
      0xf8,
      0x07,
      1,
      0xf9,
      0x07,
      ...Buffer.alloc(8),
      0xfa,
      0x07,
      1,
      9,
      0xfd,
      0x07,
      0,
      0,
      0,
      0,
    ]);
    const known = encodeRequest('logs', {
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityNumber: 9 }] }] }],
    });
    expect(decode('logs', Buffer.concat([unknown, known, unknown])).rows.otel_logs).toHaveLength(1);
  });

  it('takes a hundred thousand levels of nesting in a moment', () => {
    let body = Buffer.from([0x0a, 0x00]);
    const length = (size: number): Buffer => {
      const bytes: number[] = [];
      for (let rest = size; ; rest = Math.floor(rest / 128)) {
        if (rest < 128) return Buffer.from([...bytes, rest]);
        bytes.push((rest % 128) | 128);
      }
    };
    const levels: Buffer[] = [];
    let size = body.length;
    for (let i = 0; i < 100_000; i++) {
      const inner = Buffer.concat([Buffer.from([0x0a]), length(size)]);
      const outer = Buffer.concat([Buffer.from([0x2a]), length(size + inner.length)]);
      levels.push(Buffer.concat([outer, inner]));
      size += outer.length + inner.length;
    }
    body = Buffer.concat([...levels.reverse(), body]);
    const wrap = (tag: number, inner: Buffer): Buffer =>
      Buffer.concat([Buffer.from([tag]), length(inner.length), inner]);
    const { report } = decode('logs', wrap(0x0a, wrap(0x12, wrap(0x12, wrap(0x2a, body)))));
    expect(report.notes.too_deep).toBe(1);
  });
});

describe('JSON that is odd', () => {
  const logs = (record: string): Buffer =>
    Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`);
  const row = (record: string) => decode('logs', jsonToProtobuf('logs', logs(record))).rows.otel_logs![0]!;

  it.each([
    [
      'ids in capitals',
      '{"traceId":"5B8EFFF798038103D269B633813FC60C"}',
      { TraceId: '5b8efff798038103d269b633813fc60c' },
    ],
    ['ids in base64', '{"spanId":"7uGbfsPBsXQ="}', { SpanId: 'eee19b7ec3c1b174' }],
    ['ids that are neither', '{"spanId":"zz"}', { SpanId: '' }],
    ['nanoseconds as a number', '{"timeUnixNano":1700000000123456789}', { Timestamp: 1700000000123456789n }],
    [
      'nanoseconds with blanks',
      '{"timeUnixNano" : 1700000000123456789 }',
      { Timestamp: 1700000000123456789n },
    ],
    [
      'long numbers inside strings',
      '{"body":{"stringValue":"n: 1700000000123456789, \\"x\\": 12"},"timeUnixNano":1700000000123456789}',
      { Body: 'n: 1700000000123456789, "x": 12' },
    ],
    ['a number for an integer', '{"body":{"intValue":9223372036854775807}}', { Body: '9223372036854775807' }],
    ['text for an integer', '{"body":{"intValue":"-5"}}', { Body: '-5' }],
    ['NaN', '{"body":{"doubleValue":"NaN"}}', { Body: 'NaN' }],
    ['a long fraction', '{"body":{"doubleValue":0.12345678901234567890}}', { Body: '0.12345678901234568' }],
    [
      'names of enums',
      '{"severityNumber":"SEVERITY_NUMBER_WARN2"}',
      { SeverityNumber: 14, SeverityText: 'WARN2' },
    ],
    ['snake_case', '{"severity_text":"x"}', { SeverityText: 'x' }],
    ['null', '{"body":null,"attributes":null,"severityText":"y"}', { SeverityText: 'y', Body: '' }],
    ['unknown keys', '{"newThing":{"a":[1]},"severityText":"z"}', { SeverityText: 'z' }],
    ['keys of Object', '{"__proto__":{"a":1},"constructor":1,"severityText":"p"}', { SeverityText: 'p' }],
    ['half a surrogate pair', '{"body":{"stringValue":"a\\ud800"}}', { Body: 'a\ufffd' }],
    ['an empty value', '{"body":{}}', { Body: '' }],
    ['null in a list', '{"body":{"arrayValue":{"values":[null,{"intValue":1}]}}}', { Body: '[null,1]' }],
  ])('takes %s', (_, record, expected) => {
    expect(row(record)).toMatchObject(expected);
  });

  it.each([
    [
      'an object for a list',
      '{"attributes":{}}',
      'resourceLogs[0].scopeLogs[0].logRecords[0].attributes must be an array, not an object.',
    ],
    [
      'a number for a text',
      '{"severityText":1}',
      'resourceLogs[0].scopeLogs[0].logRecords[0].severityText must be a string, not a number.',
    ],
    ['a fraction for an integer', '{"severityNumber":1.5}', 'severityNumber must be an integer'],
    ['a word for a time', '{"timeUnixNano":"now"}', 'timeUnixNano must be an integer'],
    ['a list for a record', '[]', 'logRecords[0] must be an object, not an array'],
  ])('refuses %s and says where', (_, record, why) => {
    expect(() => row(record)).toThrow(why);
  });

  it('refuses what is no JSON', () => {
    expect(() => jsonToProtobuf('logs', Buffer.from('{"a":'))).toThrow(/not JSON/);
    expect(() => jsonToProtobuf('logs', Buffer.from(''))).toThrow(/not JSON/);
  });

  it('takes a byte order mark, and a hundred thousand levels of nesting', () => {
    expect(jsonToProtobuf('logs', Buffer.from('\ufeff{}'))).toHaveLength(0);
    const deep = '{"arrayValue":{"values":['.repeat(100_000) + ']}}'.repeat(100_000);
    expect(row(`{"body":${deep}}`)['Body']).toContain('[too deep]');
  });

  it('takes 10,000 attributes', () => {
    const attributes = Array.from({ length: 10_000 }, (_, i) => str(`k${i}`, 'v'));
    const found = row(JSON.stringify({ attributes }))['LogAttributes'] as object;
    expect(Object.keys(found)).toHaveLength(1000);
  });
});
