import type { Shelf } from './storage.js';
import { judge } from './verdict.js';

/** As `POST /api/feedback` takes it. */
export interface FeedbackBody {
  /** Makes sending it again harmless. */
  readonly id: string;
  readonly screenshot?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

export interface Answer {
  /** 0: no answer at all. */
  readonly status: number;
  readonly retryAfter: string | null;
  /** Why it was refused, in the server's words. */
  readonly detail: string;
}

export type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly why: string };

export interface OutboxDeps {
  readonly shelf: Shelf;
  readonly post: (body: FeedbackBody) => Promise<Answer>;
  readonly now: () => number;
  readonly random: () => number;
  /** Calls back once after `ms`; a later call replaces an earlier one. */
  readonly alarm: (ms: number, ring: () => void) => void;
}

export interface Outbox {
  /** Kept before it is sent. */
  send(body: FeedbackBody): Promise<Outcome>;
  /** Tries what waits and is due; `all`: now is a good moment for the rest too (the browser came online). */
  flush(all?: boolean): Promise<void>;
  size(): number;
  clear(): void;
}

interface Waiting {
  readonly body: FeedbackBody;
  /** When the person wrote it, and when it is due; Unix ms. */
  readonly since: number;
  readonly due: number;
  readonly tries: number;
}

const shelfName = 'outbox';
const maxWaiting = 20;
/** Of JSON, in characters: a page's storage holds 5 MB, and it is the page's. */
const maxSize = 1_000_000;
/** What was said two weeks ago is no longer news. */
const maxAgeMs = 14 * 86_400_000;

/** Feedback on its way. What cannot be sent waits in the browser, bounded, over reloads. */
export function createOutbox(deps: OutboxDeps): Outbox {
  const sending = new Set<string>();

  function read(): Waiting[] {
    const kept = deps.shelf.get(shelfName);
    return Array.isArray(kept)
      ? kept.filter(isWaiting).filter(({ since }) => deps.now() - since < maxAgeMs)
      : [];
  }

  function write(list: readonly Waiting[]): void {
    let rest = list.slice(-maxWaiting);
    // Pictures go first, the oldest before the newest; words are small.
    for (let i = 0; i < rest.length && JSON.stringify(rest).length > maxSize; i++) {
      rest = rest.map((item, index) =>
        index === i ? withoutScreenshot(item, 'no room in the browser') : item,
      );
    }
    while (JSON.stringify(rest).length > maxSize) rest = rest.slice(1);
    if (rest.length === 0) deps.shelf.remove(shelfName);
    else if (!deps.shelf.set(shelfName, rest)) {
      const words = rest.map((item) => withoutScreenshot(item, 'no room in the browser'));
      deps.shelf.set(shelfName, words);
    }
  }

  /** Read anew each time: another tab may have sent some of them. */
  function change(id: string, next: Waiting | undefined): void {
    write(read().flatMap((item) => (item.body.id !== id ? [item] : next ? [next] : [])));
  }

  async function attempt(item: Waiting): Promise<Outcome> {
    const { id } = item.body;
    sending.add(id);
    try {
      const answer = await deps.post(item.body);
      const verdict = judge(
        { ...answer, tries: item.tries, hasScreenshot: item.body.screenshot !== undefined },
        deps.random(),
        deps.now(),
      );
      if (verdict.kind !== 'later') {
        change(id, undefined);
        return verdict.kind === 'sent' ? verdict : { kind: 'refused', why: answer.detail };
      }
      const later = { ...item, tries: item.tries + 1, due: deps.now() + verdict.waitMs };
      if (verdict.dropScreenshot === true) return await attempt(withoutScreenshot(later, answer.detail));
      change(id, later);
      return { kind: 'waiting' };
    } finally {
      sending.delete(id);
    }
  }

  function setAlarm(): void {
    const waiting = read();
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map(({ due }) => due));
    // Not sooner than in a second, whatever a clock does.
    deps.alarm(Math.max(1_000, next - deps.now()), () => void flush());
  }

  async function flush(all = false): Promise<void> {
    for (const item of read()) {
      if (sending.has(item.body.id) || (!all && item.due > deps.now())) continue;
      const outcome = await attempt(item);
      // One that was not taken tells enough: the others wait for their time.
      if (outcome.kind === 'waiting') break;
    }
    setAlarm();
  }

  return {
    send: async (body) => {
      const item: Waiting = { body, since: deps.now(), due: deps.now(), tries: 0 };
      write([...read().filter(({ body: { id } }) => id !== body.id), item]);
      const outcome = await attempt(item);
      setAlarm();
      return outcome;
    },
    flush,
    size: () => read().length,
    clear: () => deps.shelf.remove(shelfName),
  };
}

function withoutScreenshot(item: Waiting, why: string): Waiting {
  if (item.body.screenshot === undefined) return item;
  const { screenshot: _screenshot, attributes, ...words } = item.body;
  const dropped = { ...attributes, 'lemni.screenshot_dropped': why.slice(0, 200) };
  return { ...item, body: { ...words, attributes: dropped } };
}

/** The page's storage is not ours alone. */
function isWaiting(item: unknown): item is Waiting {
  if (typeof item !== 'object' || item === null) return false;
  const { body, since, due, tries } = item as Partial<Waiting>;
  return (
    typeof since === 'number' &&
    typeof due === 'number' &&
    typeof tries === 'number' &&
    typeof body === 'object' &&
    typeof body.id === 'string' &&
    typeof body.attributes === 'object'
  );
}
