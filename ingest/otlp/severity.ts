import { severityTexts } from '../../src/model/severity.js';

export { severityName } from '../../src/model/severity.js';

const numbers = new Map(Object.entries(severityTexts));

/** The number of a word that loggers use, 0 when it says nothing. */
export function severityNumber(text: string): number {
  return text.length > 20 ? 0 : (numbers.get(text.trim().toLowerCase()) ?? 0);
}
