import type { ShownAnswer } from './correspondence.js';
import { cross, el, icon, speech } from './dom.js';
import { createForm, type Entered } from './form.js';
import type { Outcome } from './outbox.js';
import type { Settings } from './settings.js';
import { addStyles } from './styles.js';
import type { Words } from './words.js';

export interface PanelDeps {
  readonly settings: Settings;
  readonly words: Words;
  readonly capture: () => Promise<string>;
  readonly submit: (entered: Entered) => Promise<Outcome>;
  /** Asked when the dialog opens. */
  readonly answers: () => Promise<readonly ShownAnswer[]>;
  readonly email: () => string | undefined;
}

export interface Panel {
  open(known?: { readonly rating?: number; readonly message?: string }): void;
  close(): void;
  unread(count: number): void;
  remove(): void;
}

/** The button and the dialog, in a shadow root at the end of the page. */
export function createPanel(deps: PanelDeps): Panel {
  const { settings, words } = deps;
  const host = document.createElement('lemni-feedback');
  const shadow = host.attachShadow({ mode: 'open' });
  addStyles(shadow, settings.nonce);

  const status = el('p', { class: 'status note', role: 'status' });
  const answers = el('section', { class: 'answers', 'aria-labelledby': 'n', hidden: true });
  const form = createForm({
    words,
    capture: deps.capture,
    announce: (text) => (status.textContent = text),
    submit: (entered) => void submit(entered),
  });
  const thanks = el('p', { tabindex: -1 });
  const another = el('button', { class: 'quiet', type: 'button', onclick: () => start() }, words.another);
  const done = el('div', { class: 'body', hidden: true }, thanks, el('div', {}, another));
  const dialog = el(
    'dialog',
    {
      'aria-labelledby': 't',
      // A click beside it closes it, as Escape does; what was typed stays.
      onclick: (event: Event) => {
        if (event.target === dialog) dialog.close();
      },
    },
    el(
      'div',
      { class: 'body' },
      el(
        'header',
        {},
        el('h2', { id: 't' }, words.title),
        el(
          'button',
          { class: 'quiet icon', type: 'button', 'aria-label': words.close, onclick: () => dialog.close() },
          icon(cross),
        ),
      ),
      answers,
      form.element,
      done,
      status,
    ),
  );
  const button = el(
    'button',
    { class: 'open', type: 'button', part: 'button', 'aria-haspopup': 'dialog', onclick: () => open() },
    icon(speech),
    words.button,
  );
  const root = el(
    'div',
    { class: 'root', 'data-theme': settings.theme, 'data-position': settings.position },
    button,
    dialog,
  );
  // The page's own keys (j, k, /) must not act on what is typed here: to them the target is no text field.
  for (const name of ['keydown', 'keyup', 'keypress'])
    root.addEventListener(name, (event) => event.stopPropagation());
  shadow.append(root);
  document.body.append(host);

  function start(): void {
    form.element.hidden = false;
    done.hidden = true;
    status.textContent = '';
    form.focus();
  }

  function open(known: { readonly rating?: number; readonly message?: string } = {}): void {
    // A page that replaces its body (or a router that does) takes the button with it.
    if (!host.isConnected) document.body.append(host);
    if (dialog.open) return;
    form.fill({ ...known, email: deps.email() });
    dialog.showModal();
    start();
    void showAnswers();
  }

  async function showAnswers(): Promise<void> {
    const all = await deps.answers();
    answers.hidden = all.length === 0;
    if (all.length === 0) return;
    unread(0);
    answers.replaceChildren(
      el('h3', { id: 'n' }, words.answers),
      ...all.map(({ said, text }) =>
        el(
          'blockquote',
          {},
          el('p', { class: 'note' }, `${words.youSaid} ${said === '' ? words.noWords : said}`),
          el('p', {}, text),
        ),
      ),
    );
  }

  async function submit(entered: Entered): Promise<void> {
    form.busy(true);
    status.textContent = words.sending;
    const outcome = await deps.submit(entered);
    form.busy(false);
    status.textContent = '';
    if (outcome.kind === 'refused') {
      form.complain(`${words.refused} ${outcome.why}`);
      return;
    }
    form.reset();
    form.element.hidden = true;
    done.hidden = false;
    thanks.textContent = outcome.kind === 'sent' ? words.sent : words.waiting;
    // Read out by moving there; and Enter on the hidden button is not possible.
    if (dialog.open) thanks.focus();
  }

  function unread(count: number): void {
    button.toggleAttribute('data-unread', count > 0);
    if (count > 0) button.setAttribute('aria-label', words.buttonUnread);
    else button.removeAttribute('aria-label');
  }

  return { open, close: () => dialog.close(), unread, remove: () => host.remove() };
}
