import { createHash } from 'node:crypto';
import { BadInput } from '../../src/lib/errors.js';
import { cleanText, parseTime } from '../../src/lib/text.js';
import type { Change, ChangeStatus, Commit } from '../../src/model/changes.js';

/** A change as a wire told it, before it has an id, checked times and defaults. */
export interface ToldChange {
  readonly id?: string | undefined;
  readonly type: string;
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly version?: string | undefined;
  readonly status?: ChangeStatus | undefined;
  readonly commit?: string | undefined;
  readonly url?: string | undefined;
  readonly actor?: string | undefined;
  /** RFC 3339. */
  readonly at?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly commits?: readonly Commit[] | undefined;
  readonly fixes?: readonly string[] | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

export interface ChangeContext {
  readonly source: string;
  /** Unix milliseconds: the time of arrival. */
  readonly now: number;
  /** Milliseconds that a sender's clock may be ahead. */
  readonly maxFutureMs: number;
}

export const maxAttributes = 100;
/** Commits kept of a change. A push carries at most 2048, the API takes 500. */
const maxCommits = 500;
/** Characters of commits that a change may hold; above it messages shrink to their first words. */
const maxCommitChars = 256 * 1024;

/**
 * The change that was told: cleaned, with times checked. A time ahead of ours by less than `maxFutureMs` is
 * taken for a fast clock: `at` becomes the time of arrival and the attribute `lemni.clock_ahead_ms` says so.
 * Throws `BadInput` with the field when a time cannot be.
 */
export function toChange(told: ToldChange, context: ChangeContext): Change {
  const status = told.status ?? 'succeeded';
  const startedAt = checkedTime('startedAt', told.startedAt, context);
  const finishedAt = checkedTime('finishedAt', told.finishedAt, context);
  if (startedAt !== null && finishedAt !== null && finishedAt < startedAt) {
    throw new BadInput('bad_request', '"finishedAt" is before "startedAt": check which is which.', {
      at: 'finishedAt',
    });
  }
  const saidAt = checkedTime('at', told.at, context);
  const effective = saidAt ?? (status === 'started' ? startedAt : (finishedAt ?? startedAt)) ?? context.now;
  const ahead = effective - context.now;
  const attributes = checkedAttributes(told.attributes ?? {});
  if (ahead > 0) attributes['lemni.clock_ahead_ms'] = String(ahead);
  const said = {
    type: cleanText(told.type, 100),
    service: cleanText(told.service ?? '', 200),
    environment: cleanText(told.environment ?? '', 200),
    version: cleanText(told.version ?? '', 200),
    commit: cleanText(told.commit ?? '', 64),
  };
  const fingerprint = told.id === undefined ? fingerprintOf(said, startedAt, told) : '';
  return {
    ...said,
    id: told.id === undefined ? `change-${fingerprint}` : cleanText(told.id, 300),
    fingerprint,
    at: Math.min(effective, context.now),
    status,
    url: webLink(told.url) ?? '',
    actor: cleanText(told.actor ?? '', 200),
    source: context.source,
    startedAt,
    finishedAt,
    commits: keptCommits(told.commits ?? []),
    fixes: (told.fixes ?? []).map((fix) => cleanText(fix, 200)),
    attributes,
    receivedAt: context.now,
  };
}

type Said = Pick<Change, 'type' | 'service' | 'environment' | 'version' | 'commit'>;

/** What makes two tellings without an id one change. A deploy's kind counts: a rollback is no repetition. */
function fingerprintOf(said: Said, startedAt: number | null, told: ToldChange): string {
  const parts = [said.type, said.service, said.version, said.environment, said.commit, startedAt];
  // Other changes have no version that tells them apart: all that they say counts.
  const more = said.type.startsWith('service.') ? [] : [told.status, told.at, told.finishedAt, told.url];
  return createHash('sha256')
    .update(JSON.stringify([...parts, ...more]))
    .digest('hex')
    .slice(0, 32);
}

function checkedTime(field: string, text: string | undefined, context: ChangeContext): number | null {
  if (text === undefined) return null;
  const at = parseTime(text);
  if (at === undefined) {
    throw new BadInput(
      'bad_request',
      `"${field}" is not a time: write RFC 3339, for example 2026-11-22T10:00:00Z.`,
      { at: field },
    );
  }
  if (at > context.now + context.maxFutureMs) {
    const hours = ((at - context.now) / 3_600_000).toFixed(1);
    throw new BadInput(
      'bad_request',
      `"${field}" is ${hours} hours in the future: a change is told when it happens. Check the sender's clock and time zone.`,
      { at: field },
    );
  }
  return at;
}

function checkedAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(attributes);
  if (entries.length > maxAttributes) {
    throw new BadInput(
      'bad_request',
      `"attributes" has ${entries.length} entries; at most ${maxAttributes} are kept.`,
      { at: 'attributes' },
    );
  }
  // A null prototype: a key such as __proto__ is a key like any other.
  const kept = Object.create(null) as Record<string, string>;
  for (const [key, value] of entries) kept[cleanText(key, 200)] = cleanText(value, 4096);
  return kept;
}

function keptCommits(commits: readonly Commit[]): Commit[] {
  // The newest come last in a push: when there are too many, the oldest go.
  const kept = commits.slice(-maxCommits);
  const full = kept.map((commit) => cleanCommit(commit, 1000));
  if (JSON.stringify(full).length <= maxCommitChars) return full;
  return kept.map(({ sha, message, author, at }) => cleanCommit({ sha, message, author, at }, 100));
}

function cleanCommit(commit: Commit, maxMessage: number): Commit {
  const { message, author, url, at } = commit;
  return {
    sha: cleanText(commit.sha, 64),
    ...(message === undefined ? {} : { message: cleanText(message, maxMessage) }),
    ...(author === undefined ? {} : { author: cleanText(author, 200) }),
    ...(webLink(url) === undefined ? {} : { url: webLink(url) }),
    ...(at === undefined || parseTime(at) === undefined ? {} : { at }),
  };
}

/** People follow it from the dashboard: anything but a link into the web is left out. */
function webLink(url: string | undefined): string | undefined {
  return url !== undefined && url.length <= 2000 && /^https?:\/\//i.test(url)
    ? cleanText(url, 2000)
    : undefined;
}
