import type { Feedback, FeedbackGroup } from '../../../../src/http/contract/feedback.js';
import { significant } from '../../time/format.js';

type Said = Pick<Feedback, 'rating' | 'state'>;

interface Context {
  readonly state: 'open' | 'closed' | 'all';
  /** The list goes on. */
  readonly more: boolean;
}

const names = { open: 'open', closed: 'closed', all: 'on record' } as const;

/** `18 messages are open, 2.7 stars on average, 5 with 1 or 2.` */
export function whatPeopleSay(items: readonly Said[], { state, more }: Context): string {
  if (items.length === 0) return state === 'open' ? 'Nothing is open.' : `Nothing is ${names[state]}.`;
  const many = items.length === 1 ? '1 message is' : `${items.length}${more ? '+' : ''} messages are`;
  const ratings = items.flatMap(({ rating }) => (rating === null ? [] : [rating]));
  const start = `${many} ${names[state]}`;
  if (ratings.length === 0) return `${start}.`;
  const average = ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
  const bad = ratings.filter((rating) => rating <= 2).length;
  const newest = more ? ' of the newest' : '';
  const stars = `${significant(Math.round(average * 10) / 10)} stars on average${newest}`;
  return bad === 0 ? `${start}, ${stars}.` : `${start}, ${stars}, ${bad} with 1 or 2.`;
}

/** The browser and system in a user agent, as people call them; the agent itself when it is unknown. */
export function browserOf(agent: string): string {
  const browser =
    named(agent, /Edg\/(\d+)/, 'Edge') ??
    named(agent, /Firefox\/(\d+)/, 'Firefox') ??
    named(agent, /Chrome\/(\d+)/, 'Chrome') ??
    named(agent, /Version\/(\d+).*Safari/, 'Safari') ??
    (agent.includes('Safari') ? 'Safari' : null);
  const system =
    [
      ['iPhone', 'iPhone'],
      ['iPad', 'iPad'],
      ['Android', 'Android'],
      ['Windows', 'Windows'],
      ['Mac OS', 'macOS'],
      ['Linux', 'Linux'],
    ].find(([mark]) => mark !== undefined && agent.includes(mark))?.[1] ?? null;
  if (browser === null) return agent;
  return system === null ? browser : `${browser} on ${system}`;
}

function named(agent: string, pattern: RegExp, name: string): string | null {
  const version = pattern.exec(agent)?.[1];
  return version === undefined ? null : `${name} ${version}`;
}

/** `12 people, 1.8 stars on average`. */
export function groupSentence({ count, averageRating, state }: FeedbackGroup): string {
  const many = count === 1 ? '1 feedback' : `${count} feedbacks`;
  const stars = averageRating === null ? '' : `, ${significant(averageRating)} stars on average`;
  return `${many}${stars}${state === 'closed' ? ', closed' : ''}`;
}

/** Whether the widget made the id: then it asks for answers. */
export function readsAnswers(id: string): boolean {
  return /^w-[0-9a-f]{32}$/.test(id);
}

/** A mail to the person, with what they said below the line. Bounded: some systems take 2,000 characters. */
export function mailTo({ email, message, page }: Pick<Feedback, 'email' | 'message' | 'page'>): string {
  const quoted = message
    .slice(0, 600)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  const subject = encodeURIComponent('Your feedback');
  const body = encodeURIComponent(`\n\n${quoted}${page === '' ? '' : `\n> (${page.slice(0, 300)})`}`);
  return `mailto:${encodeURIComponent(email)}?subject=${subject}&body=${body}`;
}
