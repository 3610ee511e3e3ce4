import {
  acceptCompletion,
  completionStatus,
  moveCompletionSelection,
  startCompletion,
  type Completion,
  type CompletionSource,
} from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { formatCount } from '../charts/units.js';
import { escapedField, quoted } from './query-edit.js';
import { completionSpot } from './query-tokens.js';

export interface Suggestion {
  readonly value: string;
  /** How often it occurs; null or 0 when that is not known. */
  readonly count: number | null;
}

export interface CompletionAsk {
  /** Null: fields are asked for. */
  readonly field: string | null;
  readonly prefix: string;
  readonly signal: AbortSignal;
}

export type Complete = (ask: CompletionAsk) => Promise<readonly Suggestion[]>;

/** Fields, and after `field:` its values, with how often they occur. */
export function completionSource(complete: Complete): CompletionSource {
  return async (context) => {
    const spot = completionSpot(context.state.doc.toString(), context.pos);
    if (!spot || (spot.kind === 'field' && spot.prefix === '' && !context.explicit)) return null;
    const controller = new AbortController();
    context.addEventListener('abort', () => controller.abort(), { onDocChange: true });
    const field = spot.kind === 'value' ? spot.field : null;
    // Without suggestions the query can still be typed.
    const suggestions = await complete({ field, prefix: spot.prefix, signal: controller.signal }).catch(
      () => [],
    );
    if (context.aborted || suggestions.length === 0) return null;
    return {
      from: spot.from,
      to: Math.max(spot.to, context.pos),
      filter: false,
      options: suggestions.map((one) => (spot.kind === 'field' ? fieldOption(one) : valueOption(one))),
    };
  };
}

function fieldOption({ value, count }: Suggestion): Completion {
  const text = `${escapedField(value)}:`;
  return {
    label: value,
    ...(count === null || count === 0 ? {} : { detail: formatCount(count) }),
    apply: (view, _completion, from, to) => {
      // An operator that stands there already stays.
      const follows = /^(:|!=|>=|<=|=|>|<)/.test(view.state.sliceDoc(to));
      insert(view, { from, to, text: follows ? text.slice(0, -1) : text });
      if (!follows) startCompletion(view);
    },
  };
}

function valueOption({ value, count }: Suggestion): Completion {
  return {
    label: value,
    ...(count === null || count === 0 ? {} : { detail: formatCount(count) }),
    apply: (view, _completion, from, to) => {
      const text = quoted(value);
      insert(view, { from, to, text: view.state.sliceDoc(to, to + 1) === ' ' ? text : `${text} ` });
    },
  };
}

function insert(view: EditorView, change: { from: number; to: number; text: string }): void {
  view.dispatch({
    changes: { from: change.from, to: change.to, insert: change.text },
    selection: { anchor: change.from + change.text.length },
    userEvent: 'input.complete',
  });
}

/** Tab takes the chosen suggestion, or the first; without suggestions it moves on, as everywhere. */
export function acceptFirst(view: EditorView): boolean {
  if (completionStatus(view.state) !== 'active') return false;
  return acceptCompletion(view) || (moveCompletionSelection(true)(view) && acceptCompletion(view));
}
