import type { Impact } from '../../src/model/problems.js';
import type { ImpactCounts } from '../../src/query/problems/impact.js';

/** Points of each: what one of it weighs against one request that failed. */
export const weights = { person: 10, request: 1, minute: 1, feedback: 25 } as const;
/** One person who tries again and again (or a script) is one person: more failures of theirs do not count. */
export const requestsAPerson = 10;

/**
 * What a problem costs, with the arithmetic that ranks it. Pure. People are users, else sessions, else who said
 * something; where nobody can be told apart, ten failed requests stand for a person.
 */
export function impactOf(
  counts: ImpactCounts,
  time: { readonly from: number | null; readonly to: number },
): Impact {
  const { requests, minutes, feedback } = counts;
  const people = peopleOf(counts);
  const hit = people ?? Math.ceil(requests / requestsAPerson);
  const counted = Math.min(requests, hit * requestsAPerson);
  const terms = [
    ...(people === null
      ? []
      : [{ n: people, what: word(people, 'person', 'people'), weight: weights.person }]),
    ...(people === null && hit > 0
      ? [
          {
            n: hit,
            what: `supposed ${word(hit, 'person', 'people')} (nothing tells them apart)`,
            weight: weights.person,
          },
        ]
      : []),
    { n: counted, what: requestsWords(requests, counted), weight: weights.request },
    { n: minutes, what: word(minutes, 'minute', 'minutes'), weight: weights.minute },
    { n: feedback, what: word(feedback, 'feedback', 'feedbacks'), weight: weights.feedback },
  ];
  const score = terms.reduce((sum, { n, weight }) => sum + n * weight, 0);
  const arithmetic = `${terms
    .map(({ n, what, weight }) => `${number(n)} ${what}${weight === 1 ? '' : ` × ${weight}`}`)
    .join(' + ')} = ${number(score)}`;
  return { ...time, people, requestsFailed: requests, minutes, feedback, score, arithmetic };
}

function peopleOf({ users, sessions, senders }: ImpactCounts): number | null {
  if (users > 0) return Math.max(users, senders);
  if (sessions > 0) return Math.max(sessions, senders);
  return senders > 0 ? senders : null;
}

function requestsWords(requests: number, counted: number): string {
  const words = word(counted, 'failed request', 'failed requests');
  return counted < requests
    ? `${words} (of ${number(requests)}: at most ${requestsAPerson} a person)`
    : words;
}

/** `3 people`, `1 person`: the word that goes with a number. */
export function word(n: number, one: string, many: string): string {
  return n === 1 ? one : many;
}

/** `1,204`. */
export function number(n: number): string {
  return n.toLocaleString('en-US');
}

/** The costliest first; of two that cost the same the older. Pure. */
export function byCost(
  a: { readonly id: string; readonly impact: Pick<Impact, 'score'> },
  b: { readonly id: string; readonly impact: Pick<Impact, 'score'> },
): number {
  return b.impact.score - a.impact.score || (a.id < b.id ? -1 : 1);
}
