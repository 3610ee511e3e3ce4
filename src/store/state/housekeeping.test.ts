import { pino } from 'pino';
import { expect, it } from 'vitest';
import { freshSqlite } from '../../../test/support/state.js';
import { findAttachment } from './attachments.js';
import { deliveryLog } from './delivery-log.js';
import { feedbackInbox } from './feedback.js';
import { createHousekeeping } from './housekeeping.js';

const day = 86_400_000;

it('deletes what its retention has passed, and goes on after a failure', async () => {
  const { state, stop } = await freshSqlite();
  let now = 100 * day;
  const inbox = feedbackInbox(state);
  const log = deliveryLog(state);
  for (const age of [0, 8, 40]) {
    await inbox.attach(`f${age}`, { contentType: 'image/png', bytes: Buffer.from('x') }, now - age * day);
    await inbox.open(`f${age}`, now - age * day);
    await log.remember('github', `d${age}`, now - age * day);
  }
  const sleeps: (() => void)[] = [];
  const housekeeping = createHousekeeping({
    state,
    clock: {
      now: () => {
        if (now < 0) throw new Error('no time');
        return now;
      },
      sleep: (_ms, signal) =>
        new Promise((resolve) => {
          sleeps.push(resolve);
          signal?.addEventListener('abort', () => resolve());
        }),
    },
    logger: pino({ level: 'silent' }),
    feedbackMs: 30 * day,
  });
  const right = now;
  now = -1;
  housekeeping.start();
  await expect.poll(() => sleeps.length).toBe(1);
  now = right;
  sleeps[0]?.();
  await expect.poll(() => sleeps.length).toBe(2);
  await housekeeping.stop();
  const kept = async (has: (age: number) => Promise<boolean>): Promise<boolean[]> => [
    await has(0),
    await has(8),
    await has(40),
  ];
  expect(await kept((age) => log.seen('github', `d${age}`))).toEqual([true, false, false]);
  expect(await kept((age) => inbox.has(`f${age}`))).toEqual([true, true, false]);
  expect(await kept(async (age) => (await findAttachment(state, `f${age}`)) !== undefined)).toEqual([
    true,
    true,
    false,
  ]);
  await stop();
});
