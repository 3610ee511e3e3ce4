import { setTimeout as pause } from 'node:timers/promises';

const everyMs = 250;

/**
 * Asks again until the answer is one; throws with what was last seen. The demo learns everything so: by asking what
 * anybody may ask.
 */
export async function until<Answer>(
  what: string,
  withinMs: number,
  ask: () => Promise<Answer | undefined | false>,
): Promise<Answer> {
  const deadline = Date.now() + withinMs;
  let last = 'nothing yet';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline)
      throw new Error(`Not within ${Math.round(withinMs / 1000)} s: ${what} (${last}).`);
    await pause(everyMs);
  }
}
