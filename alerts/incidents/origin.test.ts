import { describe, expect, it } from 'vitest';
import type { Alert, Severity } from '../../src/model/alerts.js';
import { callGraph } from './call-graph.js';
import { originOf } from './origin.js';
import { summarize } from './sentence.js';

function alert(service: string, activeAt = 0, severity: Severity = 'warning', rule = 'High'): Alert {
  return {
    ...{ id: `${service} ${rule}`, ruleId: rule, rule, group: 'g', fingerprint: service, state: 'firing' },
    ...{ labels: { service, environment: 'prod', severity }, annotations: {}, value: 1 },
    ...{ activeAt, firedAt: activeAt, resolvedAt: null, keepFiringSince: null, incidentId: null, savedAt: 0 },
    ...{
      title: `${service}: requests fail`,
      sentence: `${service}: 7 % of requests fail`,
      reason: '',
      facts: {},
    },
  };
}

function graphOf(...calls: readonly string[]) {
  return callGraph(
    calls.map((call) => {
      const [caller = '', callee = ''] = call.split('>');
      return { caller, callee, environment: 'prod', calls: 1, errors: 1 };
    }),
  );
}

const shop = ['web>cart', 'cart>pay', 'web>search', 'pay>bank', 'search>index'];

describe('the origin of an incident', () => {
  it.each([
    ['one service', [alert('cart')], shop, undefined, 'cart', []],
    [
      'the deepest callee',
      [alert('web'), alert('pay'), alert('cart')],
      shop,
      undefined,
      'pay',
      ['cart', 'web'],
    ],
    [
      'though the caller is graver',
      [alert('web', 0, 'critical'), alert('cart', 9)],
      shop,
      undefined,
      'cart',
      ['web'],
    ],
    ['and was there first', [alert('cart', 1), alert('pay', 50)], shop, 'cart', 'pay', ['cart']],
    [
      'of two chains the one that explains more',
      [alert('web'), alert('search'), alert('cart'), alert('pay')],
      shop,
      undefined,
      'pay',
      ['cart', 'web', 'search'],
    ],
    [
      'in a circle the gravest',
      [alert('a'), alert('b', 0, 'critical')],
      ['a>b', 'b>a'],
      undefined,
      'b',
      ['a'],
    ],
    ['without calls what it was before', [alert('a', 0, 'critical'), alert('b')], [], 'b', 'b', ['a']],
    ['without calls the gravest', [alert('a'), alert('b', 5, 'critical')], [], 'c', 'b', ['a']],
    [
      'what it was, at rest before its callers',
      [alert('web'), alert('cart')],
      shop,
      'pay',
      'pay',
      ['cart', 'web'],
    ],
    ['what a caller at rest was broken by', [alert('pay')], shop, 'cart', 'pay', []],
  ] as const)('%s', (_name, alerts, calls, known, want, others) => {
    const origin = originOf(alerts, graphOf(...calls), known && { service: known, environment: 'prod' });
    expect(origin?.place.service).toBe(want);
    expect(origin?.others.map(({ service }) => service)).toEqual(others);
  });

  it('is none without alerts', () => {
    expect(originOf([], graphOf(), { service: 'a', environment: 'prod' })).toBeUndefined();
  });
});

describe('the summary', () => {
  const say = (alerts: readonly Alert[], ...calls: readonly string[]): string =>
    summarize(alerts, originOf(alerts, graphOf(...calls), undefined), null);

  it.each([
    [say([alert('pay')]), 'pay: 7 % of requests fail'],
    [
      say([alert('pay'), alert('cart')], 'cart>pay'),
      'pay: 7 % of requests fail; cart, which calls it, is affected too',
    ],
    [
      say([alert('pay'), alert('cart'), alert('web'), alert('mail')], 'cart>pay', 'web>cart'),
      'pay: 7 % of requests fail; cart and web, which call it, are affected too; mail is affected too',
    ],
    [
      say([alert('pay', 0), alert('cart', 1), alert('cart', 1, 'info', 'Slow')], 'cart>pay'),
      'pay: 7 % of requests fail; cart, which calls it, is affected too; 1 more alert fires',
    ],
  ])('%s', (got, want) => {
    expect(got).toBe(want);
  });

  it('tells what still fires when that is not where it began', () => {
    const alerts = [alert('cart'), alert('web'), alert('web', 1, 'info', 'Slow')];
    const origin = originOf(alerts, graphOf(...shop), { service: 'pay', environment: 'prod' });
    expect(summarize(alerts, origin, null)).toBe(
      'cart: 7 % of requests fail; web is affected too; 1 more alert fires; pay, where it began, fires no more',
    );
  });

  it('stays short whatever fires', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => alert(`service-${i}`, i));
    expect(say(many)).toBe(
      'service-0: 7 % of requests fail; service-1, service-2, service-3 and 9,996 more services are affected too',
    );
  });
});
