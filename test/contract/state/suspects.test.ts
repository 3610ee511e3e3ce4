import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Suspect } from '../../../src/http/contract/suspects.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { insertIncidents } from '../../../src/store/state/incident-changes.js';
import {
  forgetSuspects,
  saveSuspects,
  suspectBriefs,
  suspectedOf,
  suspectsOf,
} from '../../../src/store/state/suspects.js';
import { stopTwins, twins } from './twins.js';

const suspect = (releaseId: string | null, probability: number): Suspect => ({
  releaseId,
  ...{ service: 'checkout', environment: 'production', version: '1.1', deployedAt: null },
  ...{ probability, title: 'checkout 1.1, deployed 4 min before', evidence: [] },
});
const open = (database: StateDatabase, id: string): Promise<void> =>
  insertIncidents(database, [
    {
      incident: {
        ...{ id, number: 1, title: 'Requests fail', state: 'open', severity: 'critical' },
        ...{ services: ['checkout'], environment: '', openedAt: 1000, acknowledgedAt: null },
        ...{ resolvedAt: null, assignee: null, summary: '', lastDeploy: null },
      },
      places: [{ service: 'checkout', environment: '' }],
    },
  ]);

afterAll(stopTwins);

describe.each(twins)('suspects on $name', (twin) => {
  let database: StateDatabase;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    ({ state: database, stop } = await twin.start());
  });
  afterEach(() => stop());

  it('a later judgement replaces an earlier one, never the other way round', async () => {
    const first = [suspect('rel-1', 0.7), suspect(null, 0.3)];
    const second = [suspect('rel-2', 0.8), suspect(null, 0.2)];
    expect(await saveSuspects(database, { incidentId: 'a', judgedAt: 2000, suspects: first })).toBe(true);
    expect(await saveSuspects(database, { incidentId: 'a', judgedAt: 3000, suspects: second })).toBe(true);
    expect(await saveSuspects(database, { incidentId: 'a', judgedAt: 2500, suspects: first })).toBe(false);
    expect(await suspectsOf(database, 'a')).toEqual({ incidentId: 'a', judgedAt: 3000, suspects: second });
    const briefs = await suspectBriefs(database, ['a', 'b']);
    expect([...briefs.keys()]).toEqual(['a']);
    expect(briefs.get('a')).toMatchObject({ judgedAt: 3000, suspect: { releaseId: 'rel-2' } });
  });

  it('two processes that judge at once leave one judgement', async () => {
    const suspects = [suspect('rel-1', 0.7), suspect(null, 0.3)];
    const kept = await Promise.all(
      [1, 2].map(() => saveSuspects(database, { incidentId: 'a', judgedAt: 2000, suspects })),
    );
    expect(kept.filter(Boolean)).toHaveLength(1);
  });

  it('a release knows what it is suspected of, once the incident is there', async () => {
    const suspects = [suspect('rel-1', 0.7), suspect(null, 0.25), suspect('rel-2', 0.05)];
    await saveSuspects(database, { incidentId: 'a', judgedAt: 2000, suspects });
    const asked = { atLeast: 0.1, limit: 10 };
    expect(await suspectedOf(database, 'rel-1', asked)).toEqual([]);
    await open(database, 'a');
    expect(await suspectedOf(database, 'rel-1', asked)).toMatchObject([
      { incidentId: 'a', number: 1, state: 'open', openedAt: 1000 },
    ]);
    expect(await suspectedOf(database, 'rel-2', asked)).toEqual([]);
  });

  it('judgements without an incident are forgotten after a while', async () => {
    const suspects = [suspect('rel-1', 1)];
    await saveSuspects(database, { incidentId: 'a', judgedAt: 2000, suspects });
    await saveSuspects(database, { incidentId: 'b', judgedAt: 2000, suspects });
    await open(database, 'a');
    await forgetSuspects(database, 1500);
    expect(await suspectsOf(database, 'b')).toBeDefined();
    await forgetSuspects(database, 2500);
    expect(await suspectsOf(database, 'b')).toBeUndefined();
    expect(await suspectsOf(database, 'a')).toBeDefined();
  });
});
