import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, StateEffect, StateField, type Extension } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  placeholder,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import { acceptFirst, completionSource, type Complete } from './completion.js';
import { queryTokens } from './query-tokens.js';

export interface EditorHandlers {
  onRun: (query: string) => void;
  /** Steps through the history: 1 older, -1 newer. Null: there is nothing further. */
  older: (query: string, step: 1 | -1) => string | null;
  onChange: (query: string) => void;
  complete: Complete;
}

/** Where the server found the mistake; null when there is none. */
export const setErrorAt = StateEffect.define<number | null>();

/** The extensions of an editor of one line. The handlers are read through a getter: they change, it stays. */
export function editorSetup(
  handlers: () => EditorHandlers,
  words: { label: string; hint: string },
): Extension {
  const replace = (view: EditorView, text: string): void =>
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      selection: { anchor: text.length },
    });
  const step = (view: EditorView, direction: 1 | -1): boolean => {
    const next = handlers().older(view.state.doc.toString(), direction);
    if (next === null) return false;
    replace(view, next);
    return true;
  };
  return [
    history(),
    drawSelection(),
    closeBrackets(),
    oneLine,
    highlight,
    errorMark,
    placeholder(words.hint),
    autocompletion({
      override: [completionSource((ask) => handlers().complete(ask))],
      selectOnOpen: false,
      activateOnTypingDelay: 120,
      icons: false,
      maxRenderedOptions: 40,
    }),
    keymap.of([
      ...completionKeymap,
      { key: 'Tab', run: acceptFirst },
      {
        key: 'Enter',
        run: (view) => {
          handlers().onRun(view.state.doc.toString());
          return true;
        },
      },
      { key: 'ArrowUp', run: (view) => step(view, 1) },
      { key: 'ArrowDown', run: (view) => step(view, -1) },
      {
        key: 'Escape',
        run: (view) => {
          if (view.state.doc.length > 0) replace(view, '');
          else view.contentDOM.blur();
          return true;
        },
      },
      ...closeBracketsKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) handlers().onChange(update.state.doc.toString());
    }),
    EditorView.contentAttributes.of({
      'aria-label': words.label,
      'aria-multiline': 'false',
      // It takes the focus anyhow; assistive technology that looks for what scrolls needs it said.
      tabindex: '0',
      spellcheck: 'false',
      autocapitalize: 'off',
      enterkeyhint: 'search',
    }),
  ];
}

/** A pasted query of several lines becomes one. */
const oneLine = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, ' ');
  return {
    changes: { from: 0, to: transaction.startState.doc.length, insert: text },
    selection: { anchor: text.length },
  };
});

const marks = Object.fromEntries(
  ['field', 'operator', 'value', 'text', 'string', 'keyword', 'negate', 'paren'].map((kind) => [
    kind,
    Decoration.mark({ class: `query-${kind}` }),
  ]),
);

function decorated(view: EditorView): DecorationSet {
  return Decoration.set(
    queryTokens(view.state.doc.toString()).flatMap((token) => {
      const mark = marks[token.kind];
      return mark ? [mark.range(token.from, token.to)] : [];
    }),
  );
}

const highlight = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorated(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = decorated(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const underline = Decoration.mark({ class: 'query-error' });

/** Underlines the piece at the mistake, or the last character when it is at the end. Typing takes it away. */
const errorMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = transaction.docChanged ? Decoration.none : value;
    for (const effect of transaction.effects) {
      if (effect.is(setErrorAt)) next = errorRange(transaction.newDoc.toString(), effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function errorRange(query: string, at: number | null): DecorationSet {
  if (at === null || query.length === 0) return Decoration.none;
  const token = queryTokens(query).find((one) => one.from <= at && at < one.to);
  const from = token ? at : Math.max(0, Math.min(at, query.length - 1));
  return Decoration.set(underline.range(from, token ? token.to : from + 1));
}
