import { expect, it } from 'vitest';
import { Unsent } from './unsent.js';

function setup(): {
  unsent: Unsent<{ n: number }>;
  answers: number[];
  send: (items: { n: number }[]) => number[];
} {
  const unsent = new Unsent<{ n: number }>();
  const answers: number[] = [];
  const exporter = unsent.watch({
    export: (_items, done) => done({ code: answers.shift() ?? 0 }),
    shutdown: () => Promise.resolve(),
  });
  const send = (items: { n: number }[]): number[] => {
    const codes: number[] = [];
    exporter.export(items, ({ code }) => codes.push(code));
    return codes;
  };
  return { unsent, answers, send };
}

it('holds what no exporter was given, once', () => {
  const { unsent, send } = setup();
  const [a, b] = [{ n: 1 }, { n: 2 }];
  unsent.add(a);
  unsent.add(b);
  expect(send([a])).toEqual([0]);
  expect(unsent.take()).toEqual([b]);
  expect(unsent.take()).toEqual([]);
});

it('knows whether somebody is there', () => {
  const { unsent, answers, send } = setup();
  expect(unsent.reachable).toBe(true);
  answers.push(1);
  expect(send([])).toEqual([1]);
  expect(unsent.reachable).toBe(false);
  send([]);
  expect(unsent.reachable).toBe(true);
});

it('is bounded', () => {
  const { unsent } = setup();
  for (let n = 0; n < 10_000; n++) unsent.add({ n });
  expect(unsent.take()).toHaveLength(2048);
});
