import { describe, expect, it } from 'vitest';
import type { Notification } from '../../../../src/http/contract/incidents.js';
import { countsOf, outcomeWords, stateOf } from './notifier-words.js';

function message(more: Partial<Notification>): Notification {
  return {
    ...{ id: 'n', incidentId: null, notifier: 'team', kind: 'slack', event: 'firing', status: 'sent' },
    ...{ attempts: 1, createdAt: '2026-11-22T10:00:00.000Z', sentAt: null, lastError: null },
    ...more,
  };
}

describe('words about notifiers', () => {
  it.each([
    [null, 'not used yet', ''],
    [message({}), 'works', 'sent'],
    [message({ attempts: 3 }), 'works', 'sent at attempt 3'],
    [message({ status: 'failed', lastError: 'x' }), 'failed', 'failed after 1 attempt'],
    [message({ status: 'pending' }), 'sending', 'sending'],
    [
      message({ status: 'pending', attempts: 2, lastError: 'x' }),
      'trying again',
      'trying again after 2 attempts',
    ],
  ])('%j is %s', (last, word, outcome) => {
    expect(stateOf(last).word).toBe(word);
    if (last !== null) expect(outcomeWords(last)).toBe(outcome);
  });

  it('counts', () => {
    expect(countsOf({ sent: 0, failed: 0, pending: 0 })).toBe('none sent in a day');
    expect(countsOf({ sent: 3, failed: 1, pending: 2 })).toBe('3 sent in a day, 1 failed, 2 waiting');
  });
});
