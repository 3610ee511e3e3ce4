import { refuse } from './scanner.js';
import { queryLimits } from './tree.js';

/**
 * A regular expression that RE2 (what ClickHouse's match() runs, in linear time) will very probably take. What
 * only JavaScript and Perl know is refused here with its column; the rest is refused when the query runs.
 */
export function checkRegex(source: string, at: number): string {
  if (source.length > queryLimits.regex) {
    throw refuse(`The regular expression is longer than ${queryLimits.regex} characters.`, at);
  }
  const foreign = /\\[1-9]|\\k<|\(\?(?:[=!>#(]|<[=!])/.exec(source.replaceAll('\\\\', '__'));
  if (foreign) {
    throw refuse(
      `RE2 has no "${foreign[0]}": look-around and back-references cannot be searched for.`,
      at + foreign.index,
    );
  }
  return source;
}
