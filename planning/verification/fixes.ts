import type { Problem } from '../../src/model/problems.js';

/** What one entry of a deploy's `fixes` means. */
export type FixRef =
  | { readonly kind: 'number'; readonly number: number }
  /** `place` is empty when only the number was said. */
  | { readonly kind: 'ticket'; readonly place: string; readonly number: number }
  | { readonly kind: 'id'; readonly id: string };

const maxNumber = 2_147_483_647;

/**
 * Reads `P-3`, `#12`, `owner/name#12`, a ticket's address, or a problem's id; undefined for what is none of them
 * (another tracker's key, say). Pure.
 */
export function parseFix(text: string): FixRef | undefined {
  const word = text.trim();
  const problem = /^P-(\d{1,10})$/i.exec(word);
  if (problem) return numbered(problem[1], (number) => ({ kind: 'number', number }));
  const short = /^(?:([\w.-]+\/[\w.-]+))?#(\d{1,10})$/.exec(word);
  if (short) {
    const place = (short[1] ?? '').toLowerCase();
    return numbered(short[2], (number) => ({ kind: 'ticket', place, number }));
  }
  const address =
    /^https?:\/\/[^/\s]+(?:\/api\/v3\/repos|\/repos)?\/([\w.-]+\/[\w.-]+)\/issues\/(\d{1,10})(?:[/?#].*)?$/i.exec(
      word,
    );
  if (address) {
    const place = (address[1] ?? '').toLowerCase();
    return numbered(address[2], (number) => ({ kind: 'ticket', place, number }));
  }
  // A page of Lemni: /problems/ID.
  const page = /^https?:\/\/\S+\/problems\/([0-9A-HJKMNP-TV-Z]{26})(?:[/?#].*)?$/.exec(word);
  if (page?.[1] !== undefined) return { kind: 'id', id: page[1] };
  return /^[0-9A-Za-z_-]{8,64}$/.test(word) ? { kind: 'id', id: word } : undefined;
}

function numbered(digits: string | undefined, make: (number: number) => FixRef): FixRef | undefined {
  const number = Number(digits);
  return Number.isInteger(number) && number > 0 && number <= maxNumber ? make(number) : undefined;
}

/**
 * Whose next release is the fix when a ticket was closed as done. An incident names first where its failures come
 * from, then who calls that: a release of a caller fixes nothing, and would be found wanting. Pure.
 */
export function awaitedServices({ services, signature }: Pick<Problem, 'services' | 'signature'>): string[] {
  const isOfIncident = signature.some(({ kind }) => kind === 'alert');
  return services.slice(0, isOfIncident ? 1 : 10);
}
