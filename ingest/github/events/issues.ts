import { z } from 'zod';
import type { IssueNews } from '../ports.js';
import { Account, readPayload, Repository } from '../mapping.js';

const Payload = z.object({
  action: z.string(),
  issue: z.object({
    number: z.number().int().positive(),
    html_url: z.string(),
    state: z.string().nullish(),
    state_reason: z.string().nullish(),
    updated_at: z.string(),
  }),
  repository: Repository,
  sender: Account,
});

/** `issues`: closed or opened again; undefined for what else may happen to one. */
export function mapIssue(payload: unknown): IssueNews | undefined {
  const { action, issue, repository, sender } = readPayload(Payload, payload);
  if (action !== 'closed' && action !== 'reopened') return undefined;
  const updatedAt = Date.parse(issue.updated_at);
  return {
    place: repository.full_name,
    number: issue.number,
    url: issue.html_url,
    state: action === 'closed' ? 'closed' : 'open',
    reason: action === 'closed' ? reasonOf(issue.state_reason) : null,
    updatedAt: Number.isNaN(updatedAt) ? 0 : updatedAt,
    actor: sender?.login ?? '',
  };
}

function reasonOf(text: string | null | undefined): IssueNews['reason'] {
  return text === 'completed' || text === 'not_planned' || text === 'duplicate' ? text : null;
}
