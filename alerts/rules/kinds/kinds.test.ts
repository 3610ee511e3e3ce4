import { describe, expect, it } from 'vitest';
import type { FeedbackCountRow, LastSeenRow, LatencyRow, LogCountRow } from '../../ports.js';
import { FakeRuleData } from '../../testing/scenario.js';
import { parseRuleFile } from '../rule-file.js';
import type { Observation, Rule } from '../rule.js';
import { kinds } from './registry.js';

const at = Date.parse('2026-11-22T10:00:00Z');
const minute = 60_000;

function rulesOf(...lines: string[]): readonly Rule[] {
  const text = `groups:\n  - name: g\n    rules:\n${lines.map((line, i) => `      - { alert: A${i}, ${line} }`).join('\n')}\n`;
  const { rules, errors } = parseRuleFile('r.yaml', text, { intervalMs: 15_000 });
  expect(errors).toEqual([]);
  return rules;
}

async function ask(data: FakeRuleData, rules: readonly Rule[]): Promise<(readonly Observation[] | string)[]> {
  const kind = kinds.get(rules[0]?.kind ?? '');
  const answers = await kind?.ask(rules as Parameters<typeof kind.ask>[0], { data, at });
  return rules.map(({ id }) => {
    const answer = answers?.get(id);
    if (answer === undefined) return 'no answer';
    return 'error' in answer ? String(answer.error) : answer.observations;
  });
}

/** `checkout: ..., above 5 %`: as an alert says why it fires. */
function told([first]: readonly (readonly Observation[] | string)[]): string[] {
  if (typeof first === 'string' || first === undefined) return [String(first)];
  return first.map(({ breached, words }) => {
    const { sentence, verdict } = words();
    return `${breached ? 'WRONG' : 'well'} ${sentence}, ${verdict}`;
  });
}

describe('latency', () => {
  const row = (
    service: string,
    requests: number,
    ms: number,
    more: Partial<LatencyRow> = {},
  ): LatencyRow => ({
    ...{ service, environment: 'prod', operation: '', requests, quantilesMs: [ms], versions: [] },
    ...more,
  });

  it('says how slow, of how many requests, and which version is', async () => {
    const data = new FakeRuleData();
    const versions = [
      { version: '1.0', requests: 900, quantilesMs: [210] },
      { version: '1.1', requests: 300, quantilesMs: [1900] },
    ];
    data.latencies = () =>
      Promise.resolve([
        row('checkout', 1200, 1243.2, { versions }),
        row('cart', 19, 9000),
        row('fast', 400, 500),
        row('empty', 0, Number.NaN),
      ]);
    const answers = await ask(data, rulesOf('kind: latency, above: 500ms'));
    expect(told(answers)).toEqual([
      'WRONG checkout: p95 of requests is 1.24 s (1,200 in 5 min; 1.1 1.9 s, 1.0 210 ms), above 500 ms',
      'well cart: p95 of requests is 9 s (19 in 5 min), too few requests to judge (20 needed)',
      'well fast: p95 of requests is 500 ms (400 in 5 min), not above 500 ms',
      'well empty: p95 of requests is unknown (0 in 5 min), too few requests to judge (20 needed)',
    ]);
    expect(answers[0]?.[0]).toMatchObject({ value: 1.2432, labels: { service: 'checkout' } });
  });

  it('asks once for all rules of a window, for services and for operations apart', async () => {
    const data = new FakeRuleData();
    const questions: string[] = [];
    data.latencies = ({ windowMs, perOperation, quantiles }) => {
      questions.push(`${windowMs / minute} ${perOperation} ${quantiles.join(' ')}`);
      const operation = perOperation ? 'GET /a' : '';
      return Promise.resolve([row('s', 500, 0, { operation, quantilesMs: quantiles.map((q) => q * 1000) })]);
    };
    const answers = await ask(
      data,
      rulesOf(
        'kind: latency, above: 700ms, quantile: p99',
        'kind: latency, above: 700ms, quantile: 0.5',
        'kind: latency, above: 700ms, quantile: 99%, operation: "GET *"',
        'kind: latency, above: 700ms, operation: POST',
        'kind: latency, above: 700ms, window: 1h',
      ),
    );
    expect(questions).toEqual(['5 false 0.5 0.99', '5 true 0.95 0.99', '60 false 0.95']);
    expect(answers.map((some) => typeof some !== 'string' && some.map(({ breached }) => breached))).toEqual([
      [true],
      [false],
      [true],
      [],
      [true],
    ]);
  });
});

describe('logs', () => {
  const row = (service: string, version: string, records: number): LogCountRow => ({
    ...{ service, environment: 'prod', version, records },
  });

  it('counts each service for itself, or all together', async () => {
    const data = new FakeRuleData();
    const rows = [row('checkout', '1.1', 40), row('checkout', '1.0', 2), row('cart', '1.0', 5)];
    data.logCounts = () => Promise.resolve(new Map([['level:error', rows]]));
    const rules = rulesOf(
      "kind: logs, search: 'level:error', above: 20",
      "kind: logs, search: 'level:error', above: 46, perService: false",
      "kind: logs, search: 'level:error', above: 4, service: cart",
      "kind: logs, search: 'level:error', above: 4, environment: staging",
    );
    const answers = await ask(data, rules);
    expect(told(answers)).toEqual([
      'WRONG checkout: 42 log records match level:error (in 5 min; 1.1 40, 1.0 2), above 20',
      'well cart: 5 log records match level:error (in 5 min), not above 20',
    ]);
    expect(told(answers.slice(1))).toEqual([
      'WRONG checkout and 1 more: 47 log records match level:error (in 5 min; checkout 42, cart 5), above 46',
    ]);
    expect(told(answers.slice(2))).toHaveLength(1);
    expect(answers[3]).toEqual([]);
  });

  it('tells a burst from what is usual, and asks what is only where there are many', async () => {
    const data = new FakeRuleData();
    const asked: string[] = [];
    data.logCounts = ({ windowMs, at: to, searches }) => {
      asked.push(`${windowMs / minute} min until ${(at - to) / minute} min ago: ${searches.join(' ')}`);
      const isNow = to === at;
      return Promise.resolve(
        new Map([
          // Its load is the tenth part of the day before: of 50 and 250 then 5 and 25 would be usual now.
          ['', ['checkout', 'cart', 'new'].map((service) => row(service, '1', isNow ? 1000 : 10_000))],
          ['a', [row('checkout', '1', isNow ? 30 : 50), row('cart', '1', isNow ? 30 : 250)]],
          ['b', [row('checkout', '1', 3)]],
        ]),
      );
    };
    data.commonLogs = () =>
      Promise.resolve([
        {
          service: 'checkout',
          environment: 'prod',
          body: '2026-11-22T10:00:01.2Z TraceID: 8de5 SpanID: c84c card  "x" refused',
          records: 20,
        },
      ]);
    const rules = rulesOf(
      'kind: logs, search: a, above: 20, timesUsual: 4',
      'kind: logs, search: b, above: 20, timesUsual: 4',
      'kind: logs, search: a, above: 20',
    );
    const answers = await ask(data, rules);
    expect(asked).toEqual([
      '5 min until 0 min ago: a b',
      '5 min until 0 min ago: ',
      '1440 min until 5 min ago:  a',
    ]);
    expect(told(answers)).toEqual([
      'WRONG checkout: 30 log records match a (in 5 min), most often "card \\"x\\" refused", above 20, a burst: 5 would be usual',
      'well cart: 30 log records match a (in 5 min), above 20, no burst: 25 would be usual',
    ]);
    expect(told(answers.slice(2))[1]).toBe('WRONG cart: 30 log records match a (in 5 min), above 20');
    // Where there is no time before it to look at, many are too many; what they say is a matter of its own.
    const logCounts = data.logCounts.bind(data);
    data.logCounts = async (question) =>
      question.at === at ? logCounts(question) : Promise.resolve(new Map([['a', []]]));
    data.commonLogs = () => Promise.reject(new Error('away'));
    expect(told(await ask(data, rules))[1]).toMatch(/^WRONG cart.*above 20, what is usual is not known yet$/);
  });

  it('asks each search once a window, and a search that fails stops its own rules only', async () => {
    const data = new FakeRuleData();
    const searches: (readonly string[])[] = [];
    data.logCounts = (question) => {
      searches.push(question.searches);
      return Promise.resolve(new Map([['a', new Error('no such regex')]]));
    };
    const answers = await ask(
      data,
      rulesOf(
        'kind: logs, search: a, above: 1',
        'kind: logs, search: b, above: 1',
        'kind: logs, search: a, above: 2',
        'kind: logs, search: a, above: 2, window: 1h',
      ),
    );
    expect(searches).toEqual([['a', 'b'], ['a']]);
    expect(answers[0]).toMatch(/no such regex/);
    expect(answers[1]).toEqual([]);
  });
});

describe('feedback', () => {
  const row = (version: string, numbers: Partial<FeedbackCountRow>): FeedbackCountRow => ({
    ...{ service: 'web', environment: 'prod', version, people: 0, rated: 0, bad: 0 },
    ...{ peopleBefore: 0, badBefore: 0 },
    ...numbers,
  });
  const rows = [
    row('1.1', { people: 9, rated: 8, bad: 8, peopleBefore: 96 }),
    row('1.0', { people: 3, rated: 2, bad: 0 }),
  ];

  it.each([
    [
      'above: 50%',
      'WRONG web: 80 % of ratings are bad (8 of 10 people in 15 min; 1.1 100 %, 1.0 0 %), above 50 %',
    ],
    [
      'above: 0.8',
      'well web: 80 % of ratings are bad (8 of 10 people in 15 min; 1.1 100 %, 1.0 0 %), not above 80 %',
    ],
    [
      'above: 10%, minCount: 11',
      'well web: 80 % of ratings are bad (8 of 10 people in 15 min; 1.1 100 %, 1.0 0 %), too few to judge (11 people needed)',
    ],
    [
      'above: 11',
      'WRONG web: 12 people speak up (in 15 min, 8 of the 10 who rate it do so badly; 1.1 9, 1.0 3), above 11',
    ],
    [
      'above: 12',
      'well web: 12 people speak up (in 15 min, 8 of the 10 who rate it do so badly; 1.1 9, 1.0 3), not above 12',
    ],
    ['above: 5, ratings: bad', 'WRONG web: 8 people rate it badly (in 15 min; 1.1 8, 1.0 0), above 5'],
    [
      'above: 5, timesUsual: 3',
      'WRONG web: 12 people speak up (in 15 min, 8 of the 10 who rate it do so badly; 1.1 9, 1.0 3), above 5, a burst: 1 is usual',
    ],
    [
      'above: 5, timesUsual: 13',
      'well web: 12 people speak up (in 15 min, 8 of the 10 who rate it do so badly; 1.1 9, 1.0 3), above 5, no burst: 1 is usual',
    ],
  ])('with %s', async (line, sentence) => {
    const data = new FakeRuleData();
    data.feedbackCounts = () => Promise.resolve(rows);
    expect(told(await ask(data, rulesOf(`kind: feedback, ${line}`)))).toEqual([sentence]);
  });

  it('looks at what is usual only when it is asked for, a day or 24 windows', async () => {
    const data = new FakeRuleData();
    const before: number[] = [];
    data.feedbackCounts = ({ beforeMs }) => {
      before.push(beforeMs / 3_600_000);
      return Promise.resolve([]);
    };
    await ask(
      data,
      rulesOf(
        'kind: feedback, above: 1',
        'kind: feedback, above: 1, timesUsual: 2, window: 10m',
        'kind: feedback, above: 1, timesUsual: 2, window: 2h',
      ),
    );
    expect(before).toEqual([0, 24, 48]);
  });
});

describe('absent', () => {
  const row = (service: string, silentMin: number, more: Partial<LastSeenRow> = {}): LastSeenRow => ({
    ...{
      service,
      environment: 'prod',
      signal: 'logs',
      lastAt: at - silentMin * minute,
      minutes: 30,
      longestPauseMs: 0,
    },
    ...more,
  });

  it('misses who was there and who is named, not who speaks in another signal', async () => {
    const data = new FakeRuleData();
    data.lastSeen = () =>
      Promise.resolve([
        row('silent', 12),
        row('command', 12, { minutes: 29 }),
        row('well', 0),
        row('other', 30),
        row('other', 2, { signal: 'traces' }),
      ]);
    expect(told(await ask(data, rulesOf('kind: absent')))).toEqual([
      'WRONG silent: no signals for 12 min, more than 10 min',
      'well well: signals are there, the last less than 1 min ago, not more than 10 min',
      'well other: signals are there, the last 2 min ago, not more than 10 min',
    ]);
    expect(told(await ask(data, rulesOf('kind: absent, service: other, signal: logs')))).toEqual([
      'WRONG other: no logs for 30 min, more than 10 min',
    ]);
    expect(told(await ask(data, rulesOf('kind: absent, service: command')))).toEqual([
      'WRONG command: no signals for 12 min, more than 10 min',
    ]);
    expect(told(await ask(data, rulesOf('kind: absent, service: never, lookback: 2h')))).toEqual([
      'WRONG never: no signals were seen in 2 h, more than 10 min',
    ]);
    expect(told(await ask(data, rulesOf('kind: absent, service: "never*"')))).toEqual([]);
  });

  it('leaves those alone that often pause for so long, when told to', async () => {
    const data = new FakeRuleData();
    data.lastSeen = () =>
      Promise.resolve([
        row('job', 50, { longestPauseMs: 60 * minute }),
        row('shop', 50, { longestPauseMs: 20 * minute }),
        row('shop', 55, { longestPauseMs: 90 * minute, signal: 'traces' }),
      ]);
    expect(told(await ask(data, rulesOf('kind: absent, onlyUnusual: true')))).toEqual([
      'well job: no signals for 50 min, its longest pause before was 1 h, usual for it, though more than 10 min',
      'WRONG shop: no signals for 50 min, its longest pause before was 20 min, more than 10 min',
    ]);
  });

  it('asks once for all rules of a lookback, and only for the signals they name', async () => {
    const data = new FakeRuleData();
    const questions: string[] = [];
    data.lastSeen = ({ lookbackMs, signals }) => {
      questions.push(`${lookbackMs / 3_600_000} ${signals.join(' ')}`);
      return Promise.resolve([]);
    };
    await ask(
      data,
      rulesOf(
        'kind: absent, signal: traces',
        'kind: absent, signal: logs, window: 5m',
        'kind: absent, lookback: 2h',
      ),
    );
    expect(questions).toEqual(['24 logs traces', '2 logs traces metrics']);
  });
});

describe('every kind', () => {
  it.each<[string, string, unknown]>([
    [
      'kind: errors, above: 5%',
      'more than 5 % of the requests of a service fail in 5 min (20 requests or more)',
      { value: 0.05, unit: '1' },
    ],
    [
      'kind: latency, above: 1s, quantile: p99',
      'p99 of the requests of a service takes more than 1 s in 5 min (100 requests or more)',
      { value: 1000, unit: 'ms' },
    ],
    [
      "kind: logs, search: 'level:error', above: 20",
      'more than 20 log records match level:error in 5 min',
      { value: 20, unit: 'count' },
    ],
    [
      'kind: feedback, above: 30%, service: web',
      'more than 30 % of the ratings of web in 15 min are bad (of 5 people or more)',
      { value: 0.3, unit: '1' },
    ],
    [
      'kind: feedback, above: 5, timesUsual: 3',
      'more than 5 people speak up in 15 min, and 3 times as many as usual',
      { value: 5, unit: 'count' },
    ],
    ['kind: absent, service: web, signal: logs', 'nothing in logs from web for 10 min', null],
    ['kind: absent', 'nothing from a service for 10 min, though there was in 1 d before', null],
  ])('says what %s means', (line, expression, threshold) => {
    const [rule] = rulesOf(line);
    expect(rule?.expression).toBe(expression);
    expect(rule?.threshold).toEqual(threshold);
    expect(rule?.whenGone).not.toBe('');
  });

  it('fails alone when its data cannot be had', async () => {
    for (const [name, line] of [
      ['errorRatios', 'kind: errors, above: 5%'],
      ['latencies', 'kind: latency, above: 1s'],
      ['logCounts', 'kind: logs, search: a, above: 1'],
      ['feedbackCounts', 'kind: feedback, above: 1'],
      ['lastSeen', 'kind: absent'],
    ] as const) {
      const data = new FakeRuleData();
      Object.defineProperty(data, name, { value: () => Promise.reject(new Error('away')) });
      expect(await ask(data, rulesOf(line))).toEqual(['Error: away']);
    }
  });
});
