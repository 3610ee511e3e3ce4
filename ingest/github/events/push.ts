import { z } from 'zod';
import type { Commit } from '../../../src/model/changes.js';
import {
  attributesOf,
  idOf,
  readPayload,
  Repository,
  serviceOf,
  type Mapped,
  type MappingOptions,
} from '../mapping.js';

const PushedCommit = z.object({
  id: z.string().min(1),
  message: z.string().optional(),
  timestamp: z.string().optional(),
  url: z.string().optional(),
  author: z.object({ name: z.string().nullish(), username: z.string().nullish() }).nullish(),
});

const Payload = z.object({
  ref: z.string().max(1000),
  after: z.string(),
  deleted: z.boolean().optional(),
  compare: z.string().optional(),
  commits: z.array(PushedCommit).optional(),
  pusher: z.object({ name: z.string().nullish() }).nullish(),
  repository: Repository,
});

/** `push` to the default branch: changes were merged. Other branches and tags change nothing that runs. */
export function mapPush(payload: unknown, options: MappingOptions): Mapped {
  const { ref, after, deleted, compare, commits, pusher, repository } = readPayload(Payload, payload);
  if (deleted === true) return { kind: 'ignored', reason: `${ref} was deleted` };
  if (repository.default_branch === undefined || ref !== `refs/heads/${repository.default_branch}`) {
    return { kind: 'ignored', reason: `${ref} is not the default branch` };
  }
  return {
    kind: 'change',
    change: {
      id: idOf(repository, 'push', after),
      type: 'change.merged',
      service: serviceOf(repository, options),
      commit: after,
      url: compare,
      actor: pusher?.name ?? undefined,
      at: pushedAt(repository),
      commits: (commits ?? []).map(commitOf),
      attributes: attributesOf(repository, { 'vcs.ref.head.name': repository.default_branch }),
    },
  };
}

function commitOf({ id, message, timestamp, url, author }: z.infer<typeof PushedCommit>): Commit {
  return { sha: id, message, author: author?.username ?? author?.name ?? undefined, url, at: timestamp };
}

/** When GitHub had the push; the commits' own times are those of other people's clocks. */
function pushedAt({ pushed_at: at }: Repository): string | undefined {
  if (typeof at === 'number' && at > 0 && at < 7_258_118_400) return new Date(at * 1000).toISOString();
  return typeof at === 'string' ? at : undefined;
}
