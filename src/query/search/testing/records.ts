/** A log record of the tests, with the names of `otel_logs`. */
export interface TestRecord {
  readonly Timestamp: string;
  readonly TraceId: string;
  readonly SpanId: string;
  readonly SeverityText: string;
  readonly SeverityNumber: number;
  readonly ServiceName: string;
  readonly Body: string;
  readonly ResourceAttributes: Readonly<Record<string, string>>;
  readonly ScopeName: string;
  readonly ScopeAttributes: Readonly<Record<string, string>>;
  readonly LogAttributes: Readonly<Record<string, string>>;
  readonly EventName: string;
  readonly ServiceVersion: string;
  readonly Environment: string;
  /** A UInt64 in decimal. */
  readonly Fingerprint: string;
}

const bodies = [
  ...[
    '',
    'timeout',
    'Timed out',
    'request timed outside',
    'TIMEOUT: connect',
    'time-out at /pay/42',
    'für ELISE',
  ],
  ...[
    'GET /api/x_y 404',
    "it's => broken",
    'a*b',
    'new\nline',
    'for user id=42 error',
    '\\',
    'FÜR',
    '100%',
    '😀 ok',
  ],
  ...[
    "Robert'); DROP TABLE otel_logs; --",
    '{p0:String}',
    'a'.repeat(40),
    'checkout|cart',
    '   ',
    'payments',
    'x/y',
  ],
];
const severities: readonly (readonly [number, string])[] = [
  [0, ''],
  [0, 'ERROR'],
  [0, 'notice'],
  [0, 'odd'],
  [9, 'INFO'],
  [17, 'error'],
  [13, ''],
  [21, 'FATAL'],
  [1, 'trace'],
  [20, ''],
  [5, 'Debug'],
  [18, 'WARN'],
];
const attributes: readonly Record<string, string>[] = [
  {},
  { 'user.id': '42', 'http.route': '/pay' },
  { 'user.id': '', status: '404' },
  { 'http.response.status_code': '500', 'http.route': '/pay/%' },
  { 'http.status_code': '404', status: 'odd' },
  { took_ms: '300', elapsed: '1.5s' },
  { took_ms: '0.2', elapsed: '250', size: '1024' },
  { elapsed: '1.5 s', size: '1KiB' },
  { elapsed: 'nan', size: 'inf', 'user.id': '42.0' },
  { 'weird key': 'a*b', team: 'payments' },
  { constructor: 'timeout', ['__proto__']: '7' },
  { 'attr.user.id': '7', '': '42', elapsed: '2m', took_ms: '-1' },
  Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key${i}`, `value${i}`])),
];
const resources: readonly Record<string, string>[] = [
  {},
  { 'k8s.pod.name': 'pod-1', team: 'payments' },
  { 'k8s.pod.name': 'pod-2', 'user.id': '42', status: '500' },
];

function pick<T>(list: readonly T[], i: number): T {
  return list[i % list.length] as T; // Inside the list, which is not empty.
}

/** Records that differ in everything a query can ask about; one a millisecond from `startMs`. */
export function testRecords(count: number, startMs: number): TestRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const [SeverityNumber, SeverityText] = pick(severities, i * 5 + (i >> 3));
    return {
      Timestamp: `${((startMs + i) / 1000).toFixed(3)}${i.toString().padStart(6, '0')}`,
      TraceId: pick(['', 'abc123', 'def456'], i),
      SpanId: pick(['', '42'], i >> 1),
      SeverityText,
      SeverityNumber,
      ServiceName: pick(['checkout', 'cart', '', 'Checkout'], i >> 1),
      Body: pick(bodies, i),
      ResourceAttributes: pick(resources, i >> 2),
      ScopeName: pick(['', 'pino', 'app.scope'], i >> 1),
      ScopeAttributes: pick([{}, { lib: 'time' }], i),
      LogAttributes: pick(attributes, i * 7 + (i >> 4)),
      EventName: pick(['', 'exception', 'error'], i >> 3),
      ServiceVersion: pick(['1.4.0', '', '42', '1.5.0-rc.1'], i >> 2),
      Environment: pick(['prod', 'staging', ''], i >> 3),
      Fingerprint: pick(['0', '42', '18446744073709551615'], i >> 1),
    };
  });
}
