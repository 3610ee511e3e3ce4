import type { Notification, Notifier } from '../../../../src/http/contract/incidents.js';
import type { GlyphState } from '../../ui/state-glyph.js';

export interface NotifierState {
  readonly glyph: GlyphState;
  readonly word: string;
}

/** How a notifier is, by its last message. */
export function stateOf(last: Notification | null): NotifierState {
  if (last === null) return { glyph: 'inactive', word: 'not used yet' };
  if (last.status === 'sent') return { glyph: 'healthy', word: 'works' };
  if (last.status === 'failed') return { glyph: 'critical', word: 'failed' };
  return last.lastError === null
    ? { glyph: 'information', word: 'sending' }
    : { glyph: 'warning', word: 'trying again' };
}

export function kindWords(kind: string): string {
  return kind === 'slack' ? 'Slack' : kind;
}

/** `3 sent in a day, 1 failed, 2 waiting`. */
export function countsOf({ sent, failed, pending }: Pick<Notifier, 'sent' | 'failed' | 'pending'>): string {
  const parts = [sent === 0 ? 'none sent in a day' : `${sent} sent in a day`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (pending > 0) parts.push(`${pending} waiting`);
  return parts.join(', ');
}

/** What a message told: `fires`, `resolved`, `test`. */
export function eventWord(event: Notification['event']): string {
  return event === 'firing' ? 'fires' : event;
}

/** `sent`, `sent at the 3rd attempt`, `trying again`, `failed after 11 attempts`. */
export function outcomeWords({ status, attempts, lastError }: Notification): string {
  if (status === 'sent') return attempts > 1 ? `sent at attempt ${attempts}` : 'sent';
  if (status === 'failed') return `failed after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  return lastError === null
    ? 'sending'
    : `trying again after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
}
