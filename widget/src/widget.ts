import { createCorrespondence } from './correspondence.js';
import type { Entered } from './form.js';
import { createMoment } from './moment.js';
import { createOutbox, type Outcome } from './outbox.js';
import { createPanel, type Panel } from './panel.js';
import type * as screenshotPart from './screenshot/screenshot.js';
import { askAnswers, postFeedback } from './server.js';
import { ownScript, settingsOf, toldBy, type Settings, type Told } from './settings.js';
import { shelfOf } from './storage.js';
import { warn } from './warn.js';
import { english, type Words } from './words.js';

/** What `window.lemni` is before and after this script has run. */
interface Command {
  (...args: unknown[]): unknown;
  /** Calls made before it was loaded: the page's own stub gathers them here. */
  q?: ArrayLike<unknown>[];
  readonly isLemni?: true;
}

type Commands = Readonly<Record<string, (argument?: unknown) => unknown>>;
type Page = Window & typeof globalThis & { lemni?: Command };

/** The page's storage, the way to Lemni, and what was said from here. */
function partsOf(page: Page, settings: Settings) {
  const shelf = shelfOf(() => page.localStorage);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const outbox = createOutbox({
    shelf,
    post: (body) => postFeedback(settings, body),
    now: Date.now,
    random: Math.random,
    alarm: (ms, ring) => {
      clearTimeout(timer);
      timer = setTimeout(ring, ms);
    },
  });
  const correspondence = createCorrespondence(shelf, (ids) => askAnswers(settings, ids));
  return { outbox, correspondence };
}

async function capture({ base, mask }: Settings): Promise<string> {
  const address = `${base}widget-screenshot.js`;
  // What it exports is ours: widget/src/screenshot/screenshot.ts of the same build.
  const part = (await import(/* @vite-ignore */ address)) as typeof screenshotPart;
  return part.takeScreenshot({ mask });
}

function start(page: Page, script: HTMLScriptElement): void {
  const settings = settingsOf(script);
  const told: Told = toldBy(script);
  const moment = createMoment(page, told);
  const { outbox, correspondence } = partsOf(page, settings);
  let words: Words = english;
  let panel: Panel | undefined;

  async function send(entered: Partial<Entered>): Promise<Outcome> {
    const body = moment.bodyOf(entered);
    const outcome = await outbox.send(body);
    if (outcome.kind !== 'refused') correspondence.remember(body.id, entered.message ?? '');
    return outcome;
  }
  const show = (): Panel =>
    (panel ??= createPanel({
      settings,
      words,
      capture: () => capture(settings),
      submit: send,
      answers: async () => {
        await correspondence.ask(true);
        return correspondence.show();
      },
      email: () => told.email,
    }));

  /** `lemni('name', argument)`. */
  const commands: Commands = {
    open: (known) => show().open(objectOf(known)),
    close: () => panel?.close(),
    identify: (who) => {
      const { id, email } = objectOf(who) as { id?: string; email?: string };
      Object.assign(told, { userId: id, email });
    },
    set: (more) => void Object.assign(told, objectOf(more)),
    words: (more) => {
      words = { ...words, ...objectOf(more) };
      if (!panel) return;
      panel.remove();
      panel = undefined;
      show();
    },
    session: () => moment.session(),
    send: (entered) => send(objectOf(entered)),
    forget: () => {
      outbox.clear();
      correspondence.forget();
    },
  };
  answerTo(page, new Map(Object.entries(commands)));

  page.addEventListener('online', () => void outbox.flush(true));
  void outbox.flush();
  const ready = () => {
    if (settings.position === 'none') return;
    const shown = show();
    void correspondence.ask().then((count) => shown.unread(count));
  };
  if (page.document.readyState === 'loading') page.document.addEventListener('DOMContentLoaded', ready);
  else ready();
}

/** Puts `window.lemni` in place, and answers what the page's stub has gathered before. */
function answerTo(page: Page, commands: ReadonlyMap<string, (argument: unknown) => unknown>): void {
  const lemni = (name: unknown, argument?: unknown): unknown => {
    const command = typeof name === 'string' ? commands.get(name) : undefined;
    if (command) return command(argument);
    warn(`there is no command "${String(name)}".`);
    return undefined;
  };
  const early = page.lemni?.q ?? [];
  page.lemni = Object.assign(lemni, { isLemni: true as const });
  for (const [name, argument] of Array.from(early, (call) => Array.from(call))) lemni(name, argument);
}

function objectOf(value: unknown): Record<string, never> {
  return typeof value === 'object' && value !== null ? (value as Record<string, never>) : {};
}

/** Whatever happens here, the page goes on. */
try {
  const page: Page = window;
  const script = ownScript(document);
  if (script && page.lemni?.isLemni !== true) start(page, script);
} catch (error) {
  warn('the feedback widget could not start.', error);
}
