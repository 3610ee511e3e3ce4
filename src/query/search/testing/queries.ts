import fc from 'fast-check';
import { parseQuantity } from '../quantity.js';
import type { Query, Test } from '../tree.js';

/**
 * Random queries over the words that the records of testing/records.ts are made of, so that many of them match
 * some and not all.
 */
export const fields = [
  ...[
    'service',
    'version',
    'env',
    'level',
    'severity',
    'body',
    'message',
    'trace_id',
    'span_id',
    'event',
    'pattern',
  ],
  ...[
    'user.id',
    'status',
    'http.route',
    'took_ms',
    'elapsed',
    'size',
    'team',
    'weird key',
    'nosuch',
    'scope.name',
  ],
  ...[
    'attr.user.id',
    'resource.team',
    'resource.k8s.pod.name',
    'scope.lib',
    'attr.',
    'constructor',
    '__proto__',
  ],
];
export const values = [
  ...[
    'checkout',
    'cart',
    'prod',
    '1.4.0',
    'error',
    'ERROR',
    'warn',
    'unset',
    '17',
    'Notice',
    '42',
    '7',
    '404',
    '500',
  ],
  ...[
    '/pay',
    '/pay/%',
    '/api/x_y',
    'a*b',
    'timeout',
    'timed',
    'Timed Out',
    'time',
    'out',
    'für',
    'FÜR',
    'id=42',
    "it's",
  ],
  ...[
    '=>',
    '',
    ' ',
    'new\nline',
    '\\',
    '"',
    "'; DROP TABLE otel_logs; --",
    '{p0:String}',
    '%',
    '_',
    '😀',
    'İ',
    '18446744073709551615',
  ],
  ...[
    'a'.repeat(40),
    '0xff',
    '-1',
    'nan',
    'pod-1',
    'payments',
    'abc123',
    '\0',
    '?',
    '$1',
    '){1}',
    'x OR 1=1',
  ],
];
const bounds = ['0', '42', '400', '1e3', '-1', '250ms', '1.5s', '2m', '1KiB', '10B', '0.5'];
const levels = ['warn', 'error', 'info', '17', 'unset', 'trace'];
export const regexes = [
  'time',
  '^Timed',
  'o+t$',
  '[0-9]{3}',
  '(?i)ERR',
  'a|b',
  '\\d\\s',
  '^$',
  '\\.',
  'für',
  'x/y',
];

const test = (field: string | undefined): fc.Arbitrary<Test> => {
  const level = field === 'level' || field === 'severity';
  const text = ['body', 'message', 'pattern', undefined].includes(field);
  const parts = fc
    .array(
      fc.constantFrom('', 'time', 'o', 'out', '/pay', 'a', 'er', '4', '%', '_', 'für', 'check', ' ', '-'),
      { minLength: 2, maxLength: 4 },
    )
    .filter((all) => all.some((part) => part !== ''));
  const compare = fc
    .tuple(fc.constantFrom('>', '>=', '<', '<='), fc.constantFrom(...(level ? levels : bounds)))
    .map(([op, bound]): Test => ({
      type: 'compare',
      op,
      bound: { text: bound, quantity: parseQuantity(bound) },
    }));
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...values).map((value): Test => ({ type: 'is', value })) },
    { weight: 2, arbitrary: parts.map((all): Test => ({ type: 'like', parts: all })) },
    { weight: 1, arbitrary: fc.constantFrom(...regexes).map((regex): Test => ({ type: 'matches', regex })) },
    { weight: 1, arbitrary: fc.constant<Test>({ type: 'exists' }) },
    ...(text ? [] : [{ weight: 3, arbitrary: compare }]),
  );
};

const leaf = fc
  .oneof(fc.constant(undefined), fc.constantFrom(...fields))
  .chain((field) => test(field).map((one): Query => ({ type: 'test', field, test: one, at: 0 })));

export const queries: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('and' as const, 'or' as const),
          fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
        )
        .map(([type, items]): Query => ({ type, items })),
    },
    { weight: 1, arbitrary: tie('query').map((item): Query => ({ type: 'not', item })) },
  ),
})).query;
