import type { TeamAnswer } from './server.js';
import type { Shelf } from './storage.js';

/** What was sent from this browser, so that answers to it can be shown. */
interface Sent {
  readonly id: string;
  /** Unix ms. */
  readonly at: number;
  /** The beginning of what was said. */
  readonly said: string;
  /** Answers that were shown. */
  readonly seen: readonly string[];
}

export interface ShownAnswer {
  readonly said: string;
  readonly text: string;
  readonly at: string;
}

export interface Correspondence {
  remember(id: string, said: string): void;
  /** Asks for answers, at most every ten minutes unless `now`; resolves to how many were not shown yet. */
  ask(now?: boolean): Promise<number>;
  /** The answers, newest first; from now on they count as shown. */
  show(): readonly ShownAnswer[];
  forget(): void;
}

const shelfName = 'sent';
const askedName = 'asked';
const unreadName = 'unread';
/** As many as one question may name. */
const maxSent = 10;
const maxAgeMs = 90 * 86_400_000;
const everyMs = 600_000;
const maxSaid = 120;

export function createCorrespondence(
  shelf: Shelf,
  fetchAnswers: (ids: readonly string[]) => Promise<readonly TeamAnswer[] | undefined>,
): Correspondence {
  let answers: readonly TeamAnswer[] = [];

  function read(): Sent[] {
    const kept = shelf.get(shelfName);
    return Array.isArray(kept) ? kept.filter(isSent).filter(({ at }) => Date.now() - at < maxAgeMs) : [];
  }
  return {
    remember: (id, said) => {
      const others = read().filter((sent) => sent.id !== id);
      shelf.set(
        shelfName,
        [...others, { id, at: Date.now(), said: said.slice(0, maxSaid), seen: [] }].slice(-maxSent),
      );
    },
    ask: async (now = false) => {
      const sent = read();
      if (sent.length === 0) return 0;
      const last = shelf.get(askedName);
      const isDue = typeof last !== 'number' || Math.abs(Date.now() - last) > everyMs;
      const known = shelf.get(unreadName);
      if (!now && !isDue) return typeof known === 'number' ? known : 0;
      shelf.set(askedName, Date.now());
      answers = (await fetchAnswers(sent.map(({ id }) => id))) ?? answers;
      const unread = answers.filter(({ id, feedbackId }) =>
        sent.some((one) => one.id === feedbackId && !one.seen.includes(id)),
      ).length;
      shelf.set(unreadName, unread);
      return unread;
    },
    show: () => {
      const sent = read();
      const shown = answers.flatMap(({ feedbackId, text, at }): ShownAnswer[] => {
        const said = sent.find(({ id }) => id === feedbackId)?.said;
        return said === undefined ? [] : [{ said, text, at }];
      });
      if (answers.length > 0) {
        shelf.remove(unreadName);
        const seen = (id: string) =>
          answers.filter(({ feedbackId }) => feedbackId === id).map((answer) => answer.id);
        shelf.set(
          shelfName,
          sent.map((one) => ({ ...one, seen: [...new Set([...one.seen, ...seen(one.id)])] })),
        );
      }
      return shown.sort((a, b) => (a.at < b.at ? 1 : -1));
    },
    forget: () => {
      answers = [];
      shelf.remove(shelfName);
      shelf.remove(askedName);
      shelf.remove(unreadName);
    },
  };
}

function isSent(item: unknown): item is Sent {
  if (typeof item !== 'object' || item === null) return false;
  const { id, at, said, seen } = item as Partial<Sent>;
  return typeof id === 'string' && typeof at === 'number' && typeof said === 'string' && Array.isArray(seen);
}
