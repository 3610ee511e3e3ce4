import { describe, expect, it } from 'vitest';
import type { AlertLife } from '../../src/model/alerts.js';
import { step, type Timing, type Transition } from './machine.js';
import { afterOutage } from './restore.js';

const s = 1000;

/** What is seen at each time: `x` breached, `o` not, `.` nothing with these labels. */
interface Case {
  readonly name: string;
  readonly timing: Partial<Timing>;
  readonly seen: string;
  /** State after each of them, 15 s apart: i(nactive) p(ending) f(iring) r(esolved). */
  readonly want: string;
}

const cases: Case[] = [
  { name: 'fires at once without for', timing: {}, seen: 'oxx', want: 'iff' },
  { name: 'fires when it has lasted exactly for', timing: { forMs: 30 * s }, seen: 'xxxx', want: 'ppff' },
  { name: 'a for below the interval fires at the next one', timing: { forMs: 1 }, seen: 'xx', want: 'pf' },
  { name: 'pending is dropped when it stops', timing: { forMs: 30 * s }, seen: 'xxoxxx', want: 'ppippf' },
  { name: 'pending is dropped when it vanishes', timing: { forMs: 30 * s }, seen: 'xx.x', want: 'ppip' },
  { name: 'resolves when it stops', timing: {}, seen: 'xo', want: 'fr' },
  { name: 'resolves when it vanishes', timing: {}, seen: 'x.', want: 'fr' },
  { name: 'begins anew after it was resolved', timing: { forMs: 15 * s }, seen: 'xxoxx', want: 'pfrpf' },
  {
    name: 'is kept for one more evaluation and then resolved',
    timing: { keepFiringForMs: 20 * s },
    seen: 'xooo',
    want: 'fffr',
  },
  {
    name: 'a comeback ends the keeping',
    timing: { keepFiringForMs: 20 * s },
    seen: 'xooxooo',
    want: 'ffffffr',
  },
  {
    name: 'a pending one is not kept',
    timing: { forMs: 60 * s, keepFiringForMs: 60 * s },
    seen: 'xxo',
    want: 'ppi',
  },
];

function run({ timing, seen }: Pick<Case, 'timing' | 'seen'>): { states: string; lives: AlertLife[] } {
  const full = { forMs: 0, keepFiringForMs: 0, ...timing };
  let life: AlertLife | undefined;
  let states = '';
  const lives: AlertLife[] = [];
  for (const [i, mark] of Array.from(seen).entries()) {
    const look = mark === '.' ? undefined : { breached: mark === 'x', because: 'because' };
    const { next } = step(life, look, 1_000_000 + i * 15 * s, full);
    states += (next?.state ?? 'inactive').charAt(0);
    if (next) lives.push(next);
    life = next?.state === 'resolved' ? undefined : next;
  }
  return { states, lives };
}

describe('the life of an alert', () => {
  it.each(cases)('$name', ({ want, ...rest }) => {
    expect(run(rest).states).toBe(want);
  });

  it('keeps activeAt through pending and firing, and says when it fired and was resolved', () => {
    const { lives } = run({ timing: { forMs: 30 * s }, seen: 'xxxxo' });
    expect(lives.map(({ activeAt }) => activeAt)).toEqual(Array(5).fill(1_000_000));
    expect(lives.at(-1)).toMatchObject({
      firedAt: 1_000_000 + 30 * s,
      resolvedAt: 1_000_000 + 60 * s,
      keepFiringSince: null,
    });
  });

  it('goes back to pending when a reload raised `for`, and says so', () => {
    const firing = step(undefined, { breached: true, because: 'b' }, 0, { forMs: 0, keepFiringForMs: 0 });
    expect(firing.transition).toBe<Transition>('fired');
    const raised = { forMs: 60 * s, keepFiringForMs: 0 };
    const held = step(firing.next, { breached: true, because: 'b' }, 15 * s, raised);
    expect(held).toMatchObject({
      transition: 'held',
      next: { state: 'pending', activeAt: 0, firedAt: null },
    });
    expect(step(held.next, { breached: true, because: 'b' }, 60 * s, raised).transition).toBe('fired');
  });

  it('is not resolved by a clock that was set back, nor waits until the clock is there again', () => {
    const timing = { forMs: 60 * s, keepFiringForMs: 60 * s };
    const began = 1_000_000;
    const at = (now: number, life: AlertLife | undefined, breached = true) =>
      step(life, { breached, because: 'because' }, now, timing);
    const pending = at(began, undefined).next;
    const firing = at(began + 60 * s, pending).next;
    expect(at(began + 50 * s, firing)).toMatchObject({ transition: 'ongoing', next: { state: 'firing' } });
    expect(at(began - 3600 * s, firing)).toMatchObject({ transition: 'ongoing', next: { state: 'firing' } });
    const back = at(began - 3600 * s, pending).next;
    expect(back).toMatchObject({ state: 'pending', activeAt: began - 3600 * s });
    expect(at(began - 3540 * s, back)).toMatchObject({ transition: 'fired' });
    const kept = at(began + 75 * s, firing, false).next;
    const still = at(began - 3600 * s, kept, false).next;
    expect(at(began - 3540 * s, still, false)).toMatchObject({ transition: 'resolved' });
  });

  it('gives its reason', () => {
    const timing = { forMs: 60 * s, keepFiringForMs: 120 * s };
    const one = step(undefined, { breached: true, because: 'cart: 9 % fail' }, 0, timing);
    expect(one.reason).toBe('cart: 9 % fail; fires when it has lasted 1 min');
    const two = step(one.next, { breached: true, because: 'cart: 8 % fail' }, 90 * s, timing);
    expect(two.reason).toBe('cart: 8 % fail, for 1 min 30 s');
    const three = step(two.next, undefined, 100 * s, timing);
    expect(three.reason).toMatch(/^Nothing with these labels.*kept firing for 2 min/);
  });

  it('is the same whenever it is asked with the same', () => {
    const args = [undefined, { breached: true, because: 'b' }, 5, { forMs: 3, keepFiringForMs: 0 }] as const;
    expect(step(...args)).toEqual(step(...args));
  });
});

describe('after an outage', () => {
  const intervalMs = 15 * s;
  const pending: AlertLife = {
    state: 'pending',
    activeAt: 1000 * s,
    firedAt: null,
    resolvedAt: null,
    keepFiringSince: null,
  };
  const firing: AlertLife = { ...pending, state: 'firing', firedAt: 1010 * s };

  it.each<[string, AlertLife, number, Partial<AlertLife> | undefined]>([
    ['a quick restart changes nothing', pending, 30, pending],
    ['time unseen does not count towards for', pending, 615, { activeAt: 1600 * s }],
    ['more than an hour and pending is forgotten', pending, 3601, undefined],
    ['firing goes on', firing, 615, firing],
    ['firing goes on after a day', firing, 86_400, firing],
    [
      'time unseen does not count towards keepFiringFor',
      { ...firing, keepFiringSince: 1100 * s },
      615,
      { keepFiringSince: 1700 * s, activeAt: 1000 * s },
    ],
  ])('%s', (_name, life, gap, want) => {
    const lastEvaluatedAt = 1200 * s;
    const after = afterOutage(life, { lastEvaluatedAt, now: lastEvaluatedAt + gap * s, intervalMs });
    if (want === undefined) expect(after).toBeUndefined();
    else expect(after).toEqual({ ...life, ...want });
  });
});
