import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigError, loadConfig, optionVariables } from './load.js';
import { ConfigSchema } from './schema.js';
import { parseDuration, parseSize } from './units.js';

function withFile(text: string, env: Record<string, string> = {}, flags: Record<string, string> = {}) {
  const path = join(mkdtempSync(join(tmpdir(), 'lemni-config-')), 'lemni.yaml');
  writeFileSync(path, text);
  return loadConfig({ env: { ...env, LEMNI_CONFIG: path }, flags });
}

function mistakesOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError)
      return error.mistakes.map((m) => `${m.source.replace(/^.*\//, '')} ${m.option}: ${m.message}`);
    throw error;
  }
  return [];
}

describe('the documented file', () => {
  const text = readFileSync('config/lemni.yaml', 'utf8');

  it('holds every option with its default, and nothing else', () => {
    const documented = ConfigSchema.parse(parse(text));
    expect(JSON.parse(JSON.stringify(documented))).toEqual(
      JSON.parse(JSON.stringify(ConfigSchema.parse({}))),
    );
    const paths = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
        ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`))
        : [path];
    expect(paths(parse(text), '')).toEqual(paths(JSON.parse(JSON.stringify(ConfigSchema.parse({}))), ''));
  });

  it('is accepted as it is', () => {
    expect(withFile(text).port).toBe(4318);
  });
});

describe('precedence', () => {
  it('lets flags win over variables, variables over the file, and the file over defaults', () => {
    expect(withFile('port: 1').port).toBe(1);
    expect(withFile('port: 1', { LEMNI_PORT: '2' }).port).toBe(2);
    expect(withFile('port: 1', { LEMNI_PORT: '2' }, { port: '3' }).port).toBe(3);
    expect(withFile('{}').port).toBe(4318);
  });

  it('reads nested options, booleans and durations from variables', () => {
    const config = withFile('{}', {
      LEMNI_CLICKHOUSE_URL: 'http://db:8123',
      LEMNI_SCRUB_EMAILS: 'true',
      LEMNI_WRITER_MAX_DELAY: '1s',
    });
    expect(config.clickhouse.url).toBe('http://db:8123');
    expect(config.scrub.emails).toBe(true);
    expect(config.writer.maxDelay).toBe(1000);
  });

  it('freezes the result', () => {
    expect(Object.isFrozen(withFile('{}').writer)).toBe(true);
  });
});

describe('mistakes', () => {
  const cases: [string, string, Record<string, string>, string[]][] = [
    ['an unknown option', 'prot: 80', {}, ['lemni.yaml:1 prot: is no option of Lemni; did you mean port?']],
    [
      'an unknown nested option, with its line',
      'host: 0.0.0.0\nwriter:\n  maxDelay: 1s\n  maxDely: 2s',
      {},
      ['lemni.yaml:4 writer.maxDely: is no option of Lemni; did you mean maxDelay?'],
    ],
    [
      'a bad duration',
      'writer:\n  maxDelay: soon',
      {},
      ['lemni.yaml:2 writer.maxDelay: "soon" is not a duration; write for example 15s, 1h30m or 30d'],
    ],
    [
      'a bad variable',
      '{}',
      { LEMNI_PORTT: '1' },
      ['LEMNI_PORTT : is no option of Lemni; did you mean LEMNI_PORT?'],
    ],
    [
      'a list where a mapping belongs',
      '- a',
      {},
      ['lemni.yaml:1 : is not a list of options (`name: value`)'],
    ],
  ];
  it.each(cases)('%s', (_name, text, env, expected) => {
    expect(mistakesOf(() => withFile(text, env))).toEqual(expected);
  });

  it('names the variable that held a wrong value', () => {
    expect(mistakesOf(() => withFile('{}', { LEMNI_PORT: 'eighty' }))[0]).toMatch(/^LEMNI_PORT port: /);
  });

  it('reports all of them at once', () => {
    expect(mistakesOf(() => withFile('a: 1\nb: 2\nport: x'))).toHaveLength(3);
  });

  it('says which line is no YAML', () => {
    expect(mistakesOf(() => withFile('port: 1\nhost: "x'))[0]).toMatch(/^lemni.yaml:\d+ /);
  });

  it('says that a named file is missing', () => {
    expect(mistakesOf(() => loadConfig({ env: { LEMNI_CONFIG: '/nowhere/lemni.yaml' } }))[0]).toMatch(
      /cannot be read/,
    );
  });
});

describe('secrets', () => {
  it('never print', () => {
    const config = withFile(
      'clickhouse: { password: hunter2 }\npostgres: { url: "postgres://u:hunter2@h/d" }',
    );
    expect(config.clickhouse.password.reveal()).toBe('hunter2');
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9 }), String(config.postgres.url)]) {
      expect(text).not.toContain('hunter2');
    }
  });
});

it('knows the fixed variable names that scripts use', () => {
  const names = [...optionVariables().keys()];
  for (const name of ['HOST', 'PORT', 'GRPC_PORT', 'DATA_DIR', 'CLICKHOUSE_URL', 'POSTGRES_URL']) {
    expect(names).toContain(`LEMNI_${name}`);
  }
});

describe('units', () => {
  it.each([
    ['250ms', 250],
    ['1h30m', 5_400_000],
    ['30d', 2_592_000_000],
    ['1.5s', 1500],
    ['', undefined],
    ['15', undefined],
    ['-1s', undefined],
    ['1y', undefined],
  ])('duration %s', (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each([
    ['64MiB', 67_108_864],
    ['512', 512],
    ['1.5KiB', 1536],
    ['10GB', undefined],
    ['-1', undefined],
  ])('size %s', (text, expected) => expect(parseSize(text)).toBe(expected));
});
