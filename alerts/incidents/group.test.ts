import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/model/incidents.js';
import { callGraph } from './call-graph.js';
import { group, maxOpenedAtOnce } from './group.js';
import { placeKey } from '../../src/model/places.js';
import type { Place } from '../../src/model/releases.js';

const at = (service: string, environment = 'prod'): Place => ({ service, environment });
const key = (service: string, environment = 'prod'): string => placeKey(at(service, environment));

function graphOf(...calls: readonly string[]) {
  return callGraph(
    calls.map((call) => {
      const [caller = '', callee = '', environment = 'prod'] = call.split(/[>@]/);
      return { caller, callee, environment, calls: 10, errors: 1 };
    }),
  );
}

function incident(number: number): Incident {
  return {
    ...{ id: `i${number}`, number, title: '', state: 'open', severity: 'critical', services: [] },
    ...{ environment: 'prod', openedAt: 0, acknowledgedAt: null, resolvedAt: null, assignee: null },
    ...{ summary: '', lastDeploy: null },
  };
}

interface Case {
  readonly name: string;
  /** `service` or `service@environment`. */
  readonly fires: readonly string[];
  /** `caller>callee` or `caller>callee@environment`. */
  readonly calls?: readonly string[];
  /** Numbers of open incidents by service; those of `old` gained nothing lately. */
  readonly open?: Readonly<Record<string, number>>;
  readonly old?: readonly number[];
  readonly ended?: Readonly<Record<string, number>>;
  /** Where each goes: `open 1`, `reopened 1`, or `new <service that opens it>`. */
  readonly want: Readonly<Record<string, string>>;
}

const cases: Case[] = [
  { name: 'strangers stand alone', fires: ['a', 'b'], want: { a: 'new a', b: 'new b' } },
  {
    name: 'caller and callee open one',
    fires: ['web', 'pay'],
    calls: ['web>pay'],
    want: { web: 'new web', pay: 'new web' },
  },
  {
    name: 'a chain is one, in any order',
    fires: ['c', 'a', 'b', 'x'],
    calls: ['a>b', 'b>c', 'x>y'],
    want: { a: 'new c', b: 'new c', c: 'new c', x: 'new x' },
  },
  {
    name: 'who is well in between does not connect',
    fires: ['a', 'c'],
    calls: ['a>b', 'b>c'],
    want: { a: 'new a', c: 'new c' },
  },
  {
    name: 'environments are apart',
    fires: ['a', 'b@staging'],
    calls: ['a>b', 'a>b@staging'],
    want: { a: 'new a', 'b@staging': 'new b@staging' },
  },
  {
    name: 'its own open incident comes first, however old',
    fires: ['a'],
    calls: ['a>b'],
    open: { a: 2, b: 1 },
    old: [2],
    want: { a: 'open 2' },
  },
  {
    name: 'a neighbour that gained an alert lately takes it, either way round',
    fires: ['a', 'c'],
    calls: ['a>b', 'b>c'],
    open: { b: 1 },
    want: { a: 'open 1', c: 'open 1' },
  },
  {
    name: 'a neighbour from an hour ago does not',
    fires: ['a'],
    calls: ['a>b'],
    open: { b: 1 },
    old: [1],
    want: { a: 'new a' },
  },
  {
    name: 'a chain joins with the one of them that touches it',
    fires: ['a', 'b'],
    calls: ['a>b', 'b>c'],
    open: { c: 4 },
    want: { a: 'open 4', b: 'open 4' },
  },
  {
    name: 'of several neighbours the oldest incident takes it',
    fires: ['a'],
    calls: ['a>b', 'a>c'],
    open: { b: 7, c: 5 },
    want: { a: 'open 5' },
  },
  {
    name: 'an old incident that gains an alert now takes its neighbours too',
    fires: ['a', 'b'],
    calls: ['a>b'],
    open: { b: 3 },
    old: [3],
    want: { a: 'open 3', b: 'open 3' },
  },
  {
    name: 'what ended a moment ago is opened again, and takes its neighbours',
    fires: ['a', 'b'],
    calls: ['a>b'],
    ended: { a: 6 },
    want: { a: 'reopened 6', b: 'reopened 6' },
  },
  {
    name: 'an open one comes before one that ended',
    fires: ['a'],
    open: { a: 7 },
    ended: { a: 6 },
    want: { a: 'open 7' },
  },
];

function placeOfText(text: string): Place {
  const [service = '', environment = 'prod'] = text.split('@');
  return at(service, environment);
}

describe('grouping', () => {
  it.each(cases)('$name', ({ fires, calls = [], open = {}, old = [], ended = {}, want }) => {
    const byKey = (numbers: Readonly<Record<string, number>>) =>
      new Map(Object.entries(numbers).map(([service, number]) => [key(service), incident(number)]));
    const names = new Map(fires.map((text) => [placeKey(placeOfText(text)), text]));
    const targets = group({
      places: new Map(fires.map((text) => [placeKey(placeOfText(text)), placeOfText(text)])),
      openAt: byKey(open),
      recent: new Set(
        Object.values(open)
          .filter((number) => !old.includes(number))
          .map((number) => `i${number}`),
      ),
      reopenAt: byKey(ended),
      graph: graphOf(...calls),
    });
    const got = [...targets].map(([place, target]) => [
      names.get(place),
      target.kind === 'new'
        ? `new ${names.get(target.key) ?? ''}`
        : `${target.kind} ${target.incident.number}`,
    ]);
    expect(Object.fromEntries(got)).toEqual(want);
  });

  it('makes one of more than fifty that have nothing in common but the moment', () => {
    const of = (count: number): number => {
      const places = new Map(Array.from({ length: count }, (_, i) => [key(`s${i}`), at(`s${i}`)] as const));
      const targets = group({
        ...{ places, openAt: new Map(), recent: new Set<string>(), reopenAt: new Map() },
        graph: graphOf(),
      });
      expect(targets.size).toBe(count);
      return new Set([...targets.values()].map((target) => (target.kind === 'new' ? target.key : ''))).size;
    };
    expect(of(maxOpenedAtOnce)).toBe(maxOpenedAtOnce);
    expect(of(maxOpenedAtOnce + 1)).toBe(1);
    expect(of(10_000)).toBe(1);
  });

  it('takes ten thousand callers of one service, and a ring of them, in well under a second', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `s${i}`);
    for (const calls of [
      names.map((name) => `${name}>hub`),
      names.map((name, i) => `${name}>${names[(i + 1) % names.length] ?? ''}`),
    ]) {
      const started = performance.now();
      const targets = group({
        places: new Map([...names, 'hub'].map((name) => [key(name), at(name)])),
        openAt: new Map(),
        recent: new Set(),
        reopenAt: new Map(),
        graph: graphOf(...calls),
      });
      expect(new Set([...targets.values()].map((target) => JSON.stringify(target))).size).toBeLessThan(3);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});
