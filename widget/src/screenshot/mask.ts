import { warn } from '../warn.js';

/** What pages mark as private, in the words of several recorders. */
const marked =
  '[data-lemni-mask],[data-private],[data-sentry-mask],.lemni-mask,.sentry-mask,.ph-no-capture,.rr-mask';
/** Fields whose value is their label, or no text. */
const harmless = new Set([
  'button',
  'submit',
  'reset',
  'checkbox',
  'radio',
  'range',
  'color',
  'image',
  'hidden',
]);
const dots = '••••••';

/** Works on the copy that is drawn: fields show dots, marked parts show neither text nor pictures. */
export function hideSecrets(copy: Element, selector: string): void {
  for (const input of copy.querySelectorAll('input')) {
    if (harmless.has(input.type) || input.getAttribute('value') === null) continue;
    // The type decides how a browser draws it; text dots are the same in each.
    if (input.getAttribute('value') !== '') input.setAttribute('value', dots);
  }
  for (const area of copy.querySelectorAll('textarea')) if (area.textContent !== '') area.textContent = dots;
  for (const option of copy.querySelectorAll('select option')) option.textContent = dots;
  for (const editor of copy.querySelectorAll('[contenteditable]:not([contenteditable="false"])'))
    hide(editor);
  for (const element of copy.querySelectorAll(validSelector(selector))) hide(element);
}

function hide(element: Element): void {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    text.textContent = (text.textContent ?? '').replace(/\S/g, '•');
  }
  for (const picture of element.matches('img,svg,canvas,video,picture')
    ? [element]
    : element.querySelectorAll('img,svg,canvas,video,picture')) {
    const box = document.createElement('span');
    if (picture instanceof HTMLElement) box.style.cssText = picture.style.cssText;
    box.style.background = '#888';
    picture.replaceWith(box);
  }
  for (const holder of [element, ...element.querySelectorAll('*')]) {
    for (const name of ['value', 'placeholder', 'title', 'alt']) holder.removeAttribute(name);
  }
}

/** A selector that the page got wrong must not switch off the others. */
function validSelector(selector: string): string {
  if (selector === '') return marked;
  try {
    document.createDocumentFragment().querySelector(selector);
    return `${marked},${selector}`;
  } catch {
    warn(`data-mask is no valid selector: ${selector}`);
    return marked;
  }
}
