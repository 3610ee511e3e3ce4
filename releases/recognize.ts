import { BadInput } from '../src/lib/errors.js';
import type { Change, Recorded } from '../src/model/changes.js';

/** A deploy that the state store has. */
export interface KnownDeploy {
  readonly releaseId: string;
  readonly change: Change;
}

export interface Known {
  /** The deploy with the same id. */
  readonly sameId: KnownDeploy | undefined;
  /** Deploys that said the same without an id. */
  readonly sameWords: { readonly newest: KnownDeploy; readonly count: number } | undefined;
  /** The deploy of the same service and environment that was told last. */
  readonly newest: KnownDeploy | undefined;
}

export type Judgement =
  | { readonly kind: 'store'; readonly change: Change }
  | { readonly kind: 'duplicate'; readonly recorded: Recorded };

/** A sender repeats a request it heard no answer to within this time (milliseconds). */
export const retryMs = 10 * 60_000;

/**
 * What a deploy is to those that are known.
 * - The same id: a repetition, or news of the same deploy (started, then succeeded). An id that names another
 *   service, version or environment is the sender's mistake, and is said.
 * - No id, and the same words: a repetition if it says when the deploy started, if nothing else was deployed
 *   there since, or if it comes within a retry's time. Otherwise the version was deployed again, as after a
 *   rollback.
 * Judging its own result again with the same knowledge changes nothing.
 */
export function judge(change: Change, known: Known): Judgement {
  const { sameId, sameWords, newest } = known;
  if (change.fingerprint === '') return sameId ? again(change, sameId) : { kind: 'store', change };
  if (!sameWords) return { kind: 'store', change };
  const repeated =
    change.startedAt !== null ||
    newest?.change.id === sameWords.newest.change.id ||
    change.receivedAt - sameWords.newest.change.receivedAt < retryMs;
  if (repeated) return again({ ...change, id: sameWords.newest.change.id }, sameWords.newest);
  const id = `change-${change.fingerprint}-${sameWords.count + 1}`;
  return { kind: 'store', change: { ...change, id } };
}

const order = { started: 0, succeeded: 1, failed: 1, canceled: 1 } as const;

function again(change: Change, known: KnownDeploy): Judgement {
  for (const word of ['service', 'environment', 'version'] as const) {
    if (change[word] === known.change[word]) continue;
    throw new BadInput(
      'conflict',
      `The id "${change.id}" already names a deploy with ${word} "${known.change[word]}": give "${change[word]}" an id of its own.`,
      { at: 'id' },
    );
  }
  const onward = order[change.status] - order[known.change.status];
  // A deploy that failed and was run again under its id, or the other way round.
  const turned = onward === 0 && change.status !== known.change.status && change.at > known.change.at;
  if (onward > 0 || turned) {
    return { kind: 'store', change: further(known.change, change) };
  }
  return {
    kind: 'duplicate',
    recorded: { id: known.change.id, releaseId: known.releaseId, duplicate: true },
  };
}

/** The later telling, with what only the earlier one said. */
function further(earlier: Change, later: Change): Change {
  return {
    ...later,
    type: later.type === 'service.deployed' ? earlier.type : later.type,
    commit: later.commit === '' ? earlier.commit : later.commit,
    url: later.url === '' ? earlier.url : later.url,
    actor: later.actor === '' ? earlier.actor : later.actor,
    startedAt: later.startedAt ?? earlier.startedAt,
    commits: later.commits.length === 0 ? earlier.commits : later.commits,
    fixes: later.fixes.length === 0 ? earlier.fixes : later.fixes,
    attributes: { ...earlier.attributes, ...later.attributes },
    fingerprint: earlier.fingerprint,
  };
}
