import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { freePort } from '../support/lemni.js';

describe('lemni demo', () => {
  it('starts a Lemni with a shop, and ends with all of it by Ctrl-C', { timeout: 90_000 }, async () => {
    const port = await freePort();
    // A group of its own: Ctrl-C in a terminal reaches every process of it.
    const demo = spawn('bin/lemni', ['demo', '--port', String(port)], { detached: true });
    const exited = once(demo, 'exit');
    let said = '';
    demo.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    demo.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const { pid } = demo;
    if (pid === undefined) throw new Error('bin/lemni did not start.');
    try {
      await expect.poll(() => said, { timeout: 60_000 }).toMatch(/The shop +http:/);
      expect((await fetch(`http://127.0.0.1:${port}/-/ready`)).status).toBe(200);
      process.kill(-pid, 'SIGINT');
      expect(await exited).toEqual([0, null]);
      // Signal 0 asks only whether anybody of the group is left.
      expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
    } finally {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // Nobody is left, as it should be.
      }
    }
    expect(said).toContain('Ending the demo');
  });
});
