import { el, icon, star } from './dom.js';
import type { Words } from './words.js';

/** What the person entered. */
export interface Entered {
  readonly rating: number | undefined;
  readonly message: string;
  readonly email: string;
  readonly screenshot: string | undefined;
}

export interface FormDeps {
  readonly words: Words;
  /** A data URL of the page as the person sees it. */
  readonly capture: () => Promise<string>;
  readonly submit: (entered: Entered) => void;
  /** Read out without moving the focus. */
  readonly announce: (text: string) => void;
}

export interface Form {
  readonly element: HTMLFormElement;
  focus(): void;
  fill(known: {
    readonly rating?: number | undefined;
    readonly message?: string | undefined;
    readonly email?: string | undefined;
  }): void;
  busy(isBusy: boolean): void;
  complain(text: string): void;
  reset(): void;
}

const maxMessage = 10_000;

export function createForm({ words, capture, submit, announce }: FormDeps): Form {
  const rating = ratingField(words);
  const message = el('textarea', { id: 'm', rows: 4, maxlength: maxMessage, 'aria-describedby': 'e' });
  const email = el('input', {
    id: 'a',
    type: 'email',
    maxlength: 320,
    autocomplete: 'email',
    'aria-describedby': 'e',
  });
  const shot = screenshotField({ words, capture, announce });
  const error = el('p', { id: 'e', class: 'bad', role: 'alert' });
  const send = el('button', { class: 'send', type: 'submit' }, words.send);
  let sending = false;

  function complain(text: string, at?: HTMLElement): void {
    error.textContent = text;
    for (const field of [message, email]) field.setAttribute('aria-invalid', String(field === at));
    at?.focus();
  }

  const element = el(
    'form',
    {
      novalidate: true,
      onsubmit: (event: Event) => {
        event.preventDefault();
        if (sending) return;
        const entered: Entered = {
          rating: rating.value(),
          message: message.value.trim(),
          email: email.value.trim(),
          screenshot: shot.value(),
        };
        if (entered.message === '' && entered.rating === undefined && entered.screenshot === undefined) {
          complain(words.empty, message);
        } else if (!email.checkValidity()) complain(words.badEmail, email);
        else {
          complain('');
          submit(entered);
        }
      },
    },
    rating.element,
    el('div', {}, el('label', { for: 'm' }, words.message), message),
    el('div', {}, el('label', { for: 'a' }, words.email, ' ', el('small', {}, `(${words.optional})`)), email),
    shot.element,
    el('p', { class: 'note' }, words.also),
    error,
    el('div', {}, send),
  );
  return {
    element,
    complain,
    focus: () => message.focus(),
    fill: (known) => {
      if (known.rating !== undefined) rating.set(known.rating);
      if (known.message !== undefined) message.value = known.message.slice(0, maxMessage);
      if (known.email !== undefined && email.value === '') email.value = known.email;
    },
    busy: (isBusy) => {
      sending = isBusy;
      // Not `disabled`, which would take the focus away from the one who pressed it.
      send.setAttribute('aria-disabled', String(isBusy));
    },
    reset: () => {
      element.reset();
      rating.set(undefined);
      shot.clear();
      complain('');
    },
  };
}

function ratingField(words: Words) {
  const chosen = el('p', { class: 'chosen', 'aria-hidden': 'true' });
  const inputs = words.ratings.map((name, index) =>
    el('input', { type: 'radio', name: 'r', value: index + 1, 'aria-label': `${index + 1}, ${name}` }),
  );
  const labels = inputs.map((input) => el('label', {}, input, icon(star)));
  const value = () => {
    const index = inputs.findIndex((input) => input.checked);
    return index < 0 ? undefined : index + 1;
  };
  const draw = () => {
    const now = value() ?? 0;
    labels.forEach((label, index) => label.toggleAttribute('data-on', index < now));
    chosen.textContent = words.ratings[now - 1] ?? '';
  };
  const set = (rating: number | undefined) => {
    inputs.forEach((input, index) => (input.checked = index + 1 === rating));
    draw();
  };
  const legend = el('legend', {}, words.rating, ' ', el('small', {}, `(${words.optional})`));
  const stars = el('div', { class: 'stars', onchange: draw }, ...labels);
  return { element: el('fieldset', {}, legend, stars, chosen), value, set };
}

function screenshotField({ words, capture, announce }: Pick<FormDeps, 'words' | 'capture' | 'announce'>) {
  let url: string | undefined;
  let busy = false;
  const picture = el('img', { alt: words.screenshotAlt });
  const problem = el('p', { class: 'note' });
  const take = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    announce(words.screenshotBusy);
    problem.textContent = '';
    add.setAttribute('aria-disabled', 'true');
    try {
      url = await capture();
      picture.src = url;
      announce(words.screenshotDone);
    } catch {
      problem.textContent = words.screenshotFailed;
      announce(words.screenshotFailed);
    }
    busy = false;
    add.removeAttribute('aria-disabled');
    draw();
    if (url !== undefined) remove.focus();
  };
  const add = el('button', { class: 'quiet', type: 'button', onclick: () => void take() }, words.screenshot);
  const remove = el(
    'button',
    {
      class: 'quiet',
      type: 'button',
      onclick: () => {
        clear();
        add.focus();
      },
    },
    words.screenshotRemove,
  );
  const before = el('div', {}, add, el('p', { class: 'note' }, words.screenshotNote), problem);
  const after = el('div', {}, picture, remove);
  const draw = () => {
    before.hidden = url !== undefined;
    after.hidden = url === undefined;
  };
  const clear = () => {
    url = undefined;
    picture.removeAttribute('src');
    draw();
  };
  draw();
  return { element: el('div', { class: 'shot' }, before, after), value: () => url, clear };
}
