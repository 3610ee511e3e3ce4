import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rulesCommand } from '../../src/cli/rules.js';
import { ConfigSchema } from '../../config/schema.js';
import { Scenario } from '../testing/scenario.js';

const file = (...lines: string[]): string =>
  `groups:\n  - name: g\n    rules:\n${lines.map((line) => `      - { ${line} }`).join('\n')}\n`;
const good = file(
  'alert: Errors, kind: errors, above: 5%',
  'alert: Slow, kind: latency, above: 1s',
  "alert: Logs, kind: logs, search: 'level:error', above: 10",
  'alert: Said, kind: feedback, above: 5',
  'alert: Gone, kind: absent, service: payment',
);
const bad = file(
  'alert: Slow, kind: latency, above: 1',
  "alert: Logs, kind: logs, search: 'level:error AND', above: 10",
  'alert: Said, kind: feedbak, above: 5',
  'alert: Gone, kind: absent, servic: payment',
);

let scenario: Scenario;
beforeEach(async () => {
  scenario = await Scenario.open({ rules: good });
});
afterEach(() => scenario.stop());

describe('rule files of every kind', () => {
  it('go on as they were while a file has mistakes, and an alert of theirs lives through it', async () => {
    await scenario.tick();
    const states = (): string[] =>
      scenario.alerts.rules().rules.map(({ id, name }) => {
        const live = scenario.alerts.rules().live.get(id) ?? [];
        return `${name} ${live.map(({ state }) => state).join()}`;
      });
    expect(states()).toEqual(['Errors ', 'Slow ', 'Logs ', 'Said ', 'Gone firing']);
    writeFileSync(scenario.rulesFile, bad);
    const mistakes = await scenario.alerts.reload();
    expect(mistakes.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '4 above: "1" is not a duration; write for example 15s, 1h30m or 30d',
      expect.stringMatching(/^5 search: .*\(at its end\)$/),
      expect.stringMatching(/^6 kind: "feedbak" is not one of .*; did you mean feedback\?$/),
      '7 "servic" is not known here; did you mean service?',
    ]);
    expect(mistakes.every((mistake) => mistake.file === scenario.rulesFile)).toBe(true);
    scenario.clock.advance(15_000);
    await scenario.tick();
    expect(states().at(-1)).toBe('Gone firing');
    expect(scenario.alerts.rules().fileErrors).toHaveLength(4);
    writeFileSync(
      scenario.rulesFile,
      good.replace('service: payment', 'service: payment, severity: critical'),
    );
    expect(await scenario.alerts.reload()).toEqual([]);
    expect(scenario.alerts.rules().fileErrors).toEqual([]);
  });

  it('are checked on the command line', async () => {
    const said: string[] = [];
    const run = (): Promise<unknown> =>
      rulesCommand({
        terminal: {
          out: (line: string) => void said.push(line),
          err: (line: string) => void said.push(line),
        },
        config: () => ConfigSchema.parse({}),
        readLine: () => Promise.resolve(''),
      }).parseAsync(['check', scenario.rulesFile], { from: 'user' });
    await run();
    expect(said[0]).toBe('5 rules in 1 files are right.');
    said.length = 0;
    writeFileSync(scenario.rulesFile, bad);
    await expect(run()).rejects.toThrow('4 mistakes.');
    expect(said).toHaveLength(4);
    expect(said[2]).toMatch(/rules\.yaml:6:\d+: kind: "feedbak"/);
  });
});
