import type { ErrorGroup } from '../../../../src/http/contract/problems.js';
import { count, join } from '../../time/format.js';

/** `TypeError: no total`; what has no message is called by its type alone. */
export function errorName({ type, message }: Pick<ErrorGroup, 'type' | 'message'>): string {
  const firstLine = message.split('\n', 1)[0]?.trim() ?? '';
  if (type === '') return firstLine === '' ? 'An error without a name' : firstLine;
  return firstLine === '' || firstLine === type ? type : `${type}: ${firstLine}`;
}

/** The page's answer: how many kinds of errors there were, and the most frequent one. */
export function whatBreaks(groups: readonly ErrorGroup[], more: boolean): string {
  const [first] = groups;
  if (!first) return 'No service threw an error in this time.';
  const kinds =
    groups.length === 1 && !more ? '1 kind of error' : `${groups.length}${more ? '+' : ''} kinds of errors`;
  const name = errorName(first);
  const short = name.length > 90 ? `${name.slice(0, 89)}…` : name;
  const times = first.count === 1 ? 'once' : `${join(count(first.count))} times`;
  return `${kinds}; the most frequent: ${short} (${first.service}, ${times}).`;
}
