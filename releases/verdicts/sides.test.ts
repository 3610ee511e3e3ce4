import { expect, it } from 'vitest';
import type { VersionPresence } from '../../src/query/releases/presence.js';
import { chooseSides, minuteMs } from './sides.js';

const minute = 29_000_000 * minuteMs;

function seen(version: string, afterMinutes: readonly number[]): VersionPresence {
  return {
    ...{ version, afterRequests: 300 * afterMinutes.length, afterLogs: 0, afterMinutes },
    ...{ beforeRequests: 0, beforeLogs: 0, beforeFirstAt: null, beforeLastAt: null },
  };
}

function choose(previousVersion: string | null, presence: readonly VersionPresence[]) {
  return chooseSides({
    ...{ service: 'shop', version: '1.1', previousVersion, minRequests: 50, presence },
    ...{ startMs: minute + 30_000, endMs: minute + 50_000 },
  });
}

it('compares with what came right before, when all of it lies in the minute of the deploy', () => {
  const { basis, before } = choose('1.0', [
    seen('1.1', [minute]),
    seen('1.0', [minute]),
    seen('1.2', [minute]),
  ]);
  expect(basis).toBe('previous');
  expect(before).toMatchObject({ version: '1.0', toMs: minute + minuteMs });
});

it.each([
  ['nothing came before', null, []],
  ['only what came later is there', '1.0', [seen('1.2', [minute])]],
])('compares with nothing when %s', (_what, previous, others) => {
  expect(choose(previous, [seen('1.1', [minute]), ...others])).toMatchObject({ basis: 'none', before: null });
});

it('looks back further than a short bake time, to what ran before in its earlier minutes', () => {
  const earlier = {
    beforeRequests: 200,
    beforeFirstAt: minute - 2 * minuteMs,
    beforeLastAt: minute - minuteMs,
  };
  const { before } = choose('1.0', [seen('1.1', [minute]), { ...seen('1.0', [minute]), ...earlier }]);
  expect(before).toMatchObject({ fromMs: minute - 2 * minuteMs, toMs: minute + minuteMs });
});
