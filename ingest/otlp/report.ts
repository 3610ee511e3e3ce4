/** What was kept, but not as it was sent. A closed set: it is a metric's label. */
export const noteKinds = [
  'too_many_attributes',
  'too_large',
  'too_deep',
  'invalid_time',
  'invalid_id',
  'invalid_utf8',
  'scrubbed',
] as const;
export type NoteKind = (typeof noteKinds)[number];

/** Why a record was not kept; a part of `dropReasons`. */
export type RejectReason = 'malformed' | 'unsupported' | 'too_large';

const sentences: Readonly<Record<Exclude<NoteKind, 'scrubbed'>, string>> = {
  too_many_attributes: 'attributes, events or links dropped: more than the limit in one place',
  too_large: 'values cut: longer than the limit',
  too_deep: 'values cut: nested too deeply',
  invalid_time: 'times replaced by the time of arrival: out of range or too far ahead',
  invalid_id: 'trace or span ids left empty: not 16 or 8 bytes',
  invalid_utf8: 'texts repaired: not valid UTF-8',
};

/** Counts what happened while one request was decoded, for the answer and for the metrics. */
export class DecodeReport {
  /** Records that were kept: log records, spans, or data points. */
  accepted = 0;
  rejected = 0;
  readonly notes: Record<NoteKind, number> = {
    too_many_attributes: 0,
    too_large: 0,
    too_deep: 0,
    invalid_time: 0,
    invalid_id: 0,
    invalid_utf8: 0,
    scrubbed: 0,
  };
  readonly rejects: Record<RejectReason, number> = { malformed: 0, unsupported: 0, too_large: 0 };
  #firstReject = '';

  note(kind: NoteKind, count = 1): void {
    this.notes[kind] += count;
  }

  reject(reason: RejectReason, why: string, count = 1): void {
    this.rejected += count;
    this.rejects[reason] += count;
    if (this.#firstReject === '') this.#firstReject = why;
  }

  /** What to tell the sender (`partial_success.error_message`); empty when all was kept as it was sent. */
  message(): string {
    const parts: string[] = [];
    if (this.rejected > 0) parts.push(`${this.rejected} rejected; the first: ${this.#firstReject}`);
    for (const kind of noteKinds) {
      if (kind !== 'scrubbed' && this.notes[kind] > 0) parts.push(`${this.notes[kind]} ${sentences[kind]}`);
    }
    return parts.join('. ');
  }
}
