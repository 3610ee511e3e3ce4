import { expect, it } from 'vitest';
import type { Problem } from '../../src/model/problems.js';
import { ticketSection } from './content.js';

const problem: Problem = {
  ...{ id: 'p', number: 1, title: 'Nobody can pay', state: 'planned', services: ['checkout'] },
  ...{ environment: 'prod', signature: [], since: 0, createdAt: 0, createdBy: '', awaitsReleaseSince: null },
  impact: {
    ...{ from: 0, to: 0, people: 1, requestsFailed: 1, minutes: 1, feedback: 1, score: 1, arithmetic: '1' },
  },
};

it.each([
  [{}, '1 person, 1 failed request, 1 minute, 1 feedback'],
  [
    { people: 2, requestsFailed: 1204, minutes: 0, feedback: 3 },
    '2 people, 1,204 failed requests, 0 minutes, 3 feedbacks',
  ],
  [{ people: null }, '1 failed request, 1 minute, 1 feedback'],
])('a ticket counts %j in plain words', (counts, words) => {
  const counted = { ...problem, impact: { ...problem.impact, ...counts } };
  const facts = { verification: undefined, incidents: [], suspect: undefined, publicUrl: 'https://lemni' };
  expect(ticketSection({ problem: counted, ...facts })).toContain(`UTC: ${words}. Cost:`);
});
