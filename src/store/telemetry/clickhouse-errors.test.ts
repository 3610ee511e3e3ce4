import { describe, expect, it } from 'vitest';
import { BadInput, Bug, Unavailable } from '../../lib/errors.js';
import { insertFailureOf, isAway, readError } from './clickhouse-errors.js';
import { MissingFiles } from './missing-files.js';

const limits = { timeoutMs: 20_000, maxMemoryBytes: 1024 ** 3, maxRows: 1000 };
const ofDatabase = (code: number, message = 'words'): Error =>
  Object.assign(new Error(message), { code: String(code), type: 'SOME_TYPE' });
const ofNetwork = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe('an error of an insert', () => {
  it.each([
    [ofNetwork('ECONNREFUSED'), 'unavailable'],
    [ofNetwork('ECONNRESET'), 'unavailable'],
    [new Error('Timeout error.'), 'unavailable'],
    [ofDatabase(159), 'unavailable'],
    [ofDatabase(242), 'unavailable'],
    [ofDatabase(252), 'unavailable'],
    [ofDatabase(516), 'unavailable'],
    // What nobody has thought of waits; it is not thrown away.
    [ofDatabase(9999), 'unavailable'],
    [ofDatabase(241), 'memory'],
    [ofDatabase(33), 'poison'],
    [ofDatabase(131), 'poison'],
    [ofDatabase(190), 'poison'],
    [new MissingFiles('gone'), 'poison'],
    [ofDatabase(107), 'poison'],
    [ofNetwork('ENOENT'), 'poison'],
  ])('%s: %s', (error, expected) => {
    expect(insertFailureOf(error)).toBe(expected);
  });
});

describe('an error of a read', () => {
  it.each([
    [ofDatabase(159), BadInput, 'The search took longer than 20 s; narrow the time range or add a filter.'],
    [
      ofDatabase(241),
      BadInput,
      'The search needed more than 1024 MiB of memory; narrow the time range or group by fewer values.',
    ],
    [
      ofDatabase(396),
      BadInput,
      'The search has more than 1000 rows; narrow the time range, or ask for fewer.',
    ],
    [ofDatabase(427, 'missing )\nstack'), BadInput, 'The regular expression is not valid: missing ).'],
    [ofDatabase(202), Unavailable, 'The telemetry database is away: words'],
    [ofNetwork('ECONNREFUSED'), Unavailable, 'The telemetry database is away: connect ECONNREFUSED'],
    [
      Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
      Unavailable,
      'The telemetry database is away: ECONNREFUSED',
    ],
    [ofDatabase(47), Bug, "A query of Lemni's own failed: words"],
  ])('%s', (error, family, message) => {
    const translated = readError(error, limits);
    expect(translated).toBeInstanceOf(family);
    expect(translated.message).toBe(message);
    expect(translated.cause).toBe(error);
  });

  it("that is Lemni's own stays as it is", () => {
    const own = new Unavailable('stopping', 'Lemni is stopping.');
    expect(readError(own, limits)).toBe(own);
    expect(isAway(own)).toBe(false);
  });
});
