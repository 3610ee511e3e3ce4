import type { CompareOp, Query, Test } from '../tree.js';
import type { TestRecord } from './records.js';

/**
 * What docs/query-language.md says, evaluated in plain TypeScript over one record: the judge of the SQL. It
 * shares no code with it.
 */
export function matches(query: Query, record: TestRecord): boolean {
  switch (query.type) {
    case 'all':
      return true;
    case 'and':
      return query.items.every((item) => matches(item, record));
    case 'or':
      return query.items.some((item) => matches(item, record));
    case 'not':
      return !matches(query.item, record);
    case 'test':
      return query.field === undefined
        ? textMatches(record.Body, query.test)
        : fieldMatches(query.field, query.test, record);
  }
}

type TextColumn =
  'ServiceName' | 'ServiceVersion' | 'Environment' | 'TraceId' | 'SpanId' | 'EventName' | 'ScopeName';
const columns: Readonly<Record<string, TextColumn>> = {
  service: 'ServiceName',
  version: 'ServiceVersion',
  env: 'Environment',
  trace_id: 'TraceId',
  span_id: 'SpanId',
  event: 'EventName',
  'scope.name': 'ScopeName',
};

function fieldMatches(field: string, test: Test, record: TestRecord): boolean {
  if (field === 'body' || field === 'message') return textMatches(record.Body, test);
  if (field === 'level' || field === 'severity') return levelMatches(record, test);
  if (field === 'pattern') return patternMatches(record.Fingerprint, test);
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (column !== undefined) {
    const value = record[column];
    return test.type === 'exists' ? value !== '' : valueMatches(value, test);
  }
  return places(field, record).some(([map, key]) =>
    Object.hasOwn(map, key) ? test.type === 'exists' || valueMatches(map[key] ?? '', test) : false,
  );
}

type Place = readonly [Readonly<Record<string, string>>, string];

function places(field: string, record: TestRecord): Place[] {
  const dot = field.indexOf('.');
  const [prefix, key] = [field.slice(0, dot), field.slice(dot + 1)];
  if (dot > 0 && key !== '') {
    if (prefix === 'attr') return [[record.LogAttributes, key]];
    if (prefix === 'resource') return [[record.ResourceAttributes, key]];
    if (prefix === 'scope') return [[record.ScopeAttributes, key]];
  }
  const own: Place[] = [
    [record.LogAttributes, field],
    [record.ResourceAttributes, field],
  ];
  if (field !== 'status') return own;
  return [
    ...own,
    [record.LogAttributes, 'http.response.status_code'],
    [record.LogAttributes, 'http.status_code'],
  ];
}

function valueMatches(value: string, test: Test): boolean {
  switch (test.type) {
    case 'exists':
      return true;
    case 'is':
      return value === test.value;
    case 'like':
      return like(value, test.parts);
    case 'matches':
      return regex(test.regex).test(value);
    case 'compare':
      return compared(
        quantityOf(value, test.bound.quantity?.unit ?? 'none'),
        test.op,
        test.bound.quantity?.value,
      );
  }
}

/** The parts in their order, the first one at the start and the last one at the end. */
function like(value: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

/** RE2's `(?i)` as JavaScript's flag; `.` takes a newline in ClickHouse. */
function regex(source: string): RegExp {
  return source.startsWith('(?i)') ? new RegExp(source.slice(4), 'isu') : new RegExp(source, 'su');
}

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};
const sizes: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, kib: 1024, mib: 1024 ** 2 };

function quantityOf(value: string, unit: 'none' | 'duration' | 'bytes'): number {
  const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(
    unit === 'none' ? value : value.trim(),
  )?.[0];
  if (value === 'inf' && unit === 'none') return Infinity;
  if (number === undefined) return NaN;
  const rest = (unit === 'none' ? value : value.trim()).slice(number.length).trim();
  if (unit === 'none') return rest === '' && number === value ? Number(number) : NaN;
  if (unit === 'bytes') return Number(number) * (rest === '' ? 1 : (sizes[rest.toLowerCase()] ?? NaN));
  return Number(number) * (rest === '' ? 1e6 : (units[rest] ?? NaN));
}

function compared(value: number, op: CompareOp, bound: number | undefined): boolean {
  if (bound === undefined) return false;
  if (op === '>') return value > bound;
  if (op === '>=') return value >= bound;
  return op === '<' ? value < bound : value <= bound;
}

function patternMatches(pattern: string, test: Test): boolean {
  if (test.type === 'exists') return pattern !== '0';
  if (test.type === 'compare') return false;
  return test.type === 'is' ? pattern === test.value : valueMatches(pattern, test);
}

const texts: Readonly<Record<string, number>> = {
  error: 17,
  notice: 10,
  info: 9,
  trace: 1,
  debug: 5,
  warn: 13,
  fatal: 21,
};
const bands: Readonly<Record<string, [number, number]>> = {
  unset: [0, 0],
  trace: [1, 4],
  debug: [5, 8],
  info: [9, 12],
  warn: [13, 16],
  error: [17, 20],
  fatal: [21, 24],
};

function levelMatches(record: TestRecord, test: Test): boolean {
  const text = record.SeverityText.toLowerCase();
  const number = record.SeverityNumber === 0 ? (texts[text] ?? 0) : record.SeverityNumber;
  const band = (value: string): [number, number] | undefined => {
    const lower = value.toLowerCase();
    if (/^\d{1,2}$/.test(lower)) return [Number(lower), Number(lower)];
    if (lower === 'notice') return [10, 10];
    return bands[lower];
  };
  switch (test.type) {
    case 'exists':
      return number !== 0;
    case 'is': {
      const found = band(test.value);
      return found ? number >= found[0] && number <= found[1] : text === test.value.toLowerCase();
    }
    case 'compare': {
      const [low, high] = band(test.bound.text) ?? [NaN, NaN];
      const limit = test.op === '>' || test.op === '<=' ? high : low;
      return number !== 0 && compared(number, test.op, limit);
    }
    case 'like':
      return like(
        text,
        test.parts.map((part) => part.toLowerCase()),
      );
    case 'matches':
      return regex(test.regex).test(record.SeverityText);
  }
}

const wordChar = /[0-9a-z\u0080-\u{10ffff}]/u;

function textMatches(body: string, test: Test): boolean {
  const lower = body.toLowerCase();
  switch (test.type) {
    case 'exists':
      return body !== '';
    case 'compare':
      return false;
    case 'matches':
      return regex(test.regex).test(body);
    case 'is':
      return test.value === '' ? body === '' : bounded(lower, [test.value.toLowerCase()]);
    case 'like':
      return bounded(
        lower,
        test.parts.map((part) => part.toLowerCase()),
      );
  }
}

/** The parts, apart by anything but white space, with a word's end wherever the outer ones begin or end in a word. */
function bounded(text: string, parts: readonly string[]): boolean {
  const chars = Array.from(text);
  const ends = (at: number): boolean => at < 0 || at >= chars.length || !wordChar.test(chars[at] ?? '');
  const whole = parts.map((part) => Array.from(part));
  const startsInWord = wordChar.test(whole[0]?.[0] ?? ' ');
  const endsInWord = wordChar.test(whole.at(-1)?.at(-1) ?? ' ');
  const from = (at: number, i: number): boolean => {
    const part = whole[i] ?? [];
    if (part.some((char, j) => chars[at + j] !== char)) return false;
    const next = at + part.length;
    if (i === whole.length - 1) return !endsInWord || ends(next);
    for (let skip = next; skip <= chars.length; skip++) {
      if (from(skip, i + 1)) return true;
      if (/[\t\n\f\r ]/.test(chars[skip] ?? ' ')) return false;
    }
    return false;
  };
  return chars.concat('').some((_, at) => (!startsInWord || ends(at - 1)) && from(at, 0));
}
