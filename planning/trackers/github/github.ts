import { lookup } from 'node:dns/promises';
import { z } from 'zod';
import type { Config } from '../../../config/schema.js';
import { BadInput } from '../../../src/lib/errors.js';
import { addressGuard } from '../../../src/lib/outbound/addresses.js';
import type { Resolve } from '../../../src/lib/outbound/request.js';
import type { ChangedTickets, Outcome, RemoteTicket, Tracker } from '../tracker.js';
import { githubClient, type GithubClient } from './client.js';

export interface GithubDeps {
  readonly config: Config['trackers'];
  readonly now: () => number;
  /** For tests. */
  readonly resolve?: Resolve;
  readonly timeoutMs?: number;
}

const perPage = 100;
const maxPages = 10;
/**
 * What an earlier attempt made is looked for this far back: GitHub's clock says when it was, ours when it was
 * asked for, and a machine's clock may be wrong by hours. More is read then, and nothing is opened twice.
 */
const clockSkewMs = 86_400_000;

/** As much of an issue as is read (docs.github.com/rest/issues). */
const Issue = z.object({
  number: z.number().int().positive(),
  html_url: z.string(),
  repository_url: z.string().optional(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
  pull_request: z.unknown().optional(),
});
const Comments = z.array(z.object({ body: z.string().nullish() }));

/** GitHub Issues; undefined when none is configured. Throws `BadInput` for a configuration that cannot work. */
export function githubTracker(deps: GithubDeps): Tracker | undefined {
  const { repository, token, apiUrl, labels } = deps.config.github;
  if (repository === '') return undefined;
  if (token.reveal() === '') {
    throw new BadInput(
      'bad_request',
      'trackers.github.repository is set, and trackers.github.token is not: set LEMNI_TRACKERS_GITHUB_TOKEN.',
    );
  }
  const client = githubClient({
    ...{ apiUrl, token, now: deps.now, timeoutMs: deps.timeoutMs ?? 15_000 },
    guard: addressGuard(deps.config.allowPrivateNetworks, 'trackers.allowPrivateNetworks'),
    resolve: deps.resolve ?? ((hostname) => lookup(hostname, { all: true, verbatim: true })),
  });
  const issues = `/repos/${repository}/issues`;
  const one = (number: number): string => `${issues}/${number}`;
  return {
    name: 'github',
    place: repository,
    parseUrl: (url) => parseUrl(url, repository, apiUrl),
    async create({ marker, title, body, soughtSince }, signal) {
      if (soughtSince !== undefined) {
        const found = await findIssue(client, issues, { marker, since: soughtSince - clockSkewMs, signal });
        if (!found.ok) return found;
        if (found.value) return { ok: true, value: found.value };
      }
      const sent = { title, body, ...(labels.length > 0 ? { labels } : {}) };
      return issueOf(await client.call('POST', issues, sent, signal));
    },
    read: async (number, signal) => issueOf(await client.call('GET', one(number), undefined, signal)),
    update: async (number, change, signal) =>
      issueOf(await client.call('PATCH', one(number), change, signal)),
    async comment(number, { marker, text, soughtSince }, signal) {
      if (soughtSince !== undefined) {
        const query = `since=${since(soughtSince - clockSkewMs)}&per_page=${perPage}`;
        const found = await isSaid(client, `${one(number)}/comments?${query}`, marker, signal);
        if (!found.ok) return found;
        if (found.value) return { ok: true, value: undefined };
      }
      const said = await client.call(
        'POST',
        `${one(number)}/comments`,
        { body: `${text}\n\n${marker}` },
        signal,
      );
      return said.ok ? { ok: true, value: undefined } : said;
    },
    async setState(number, to, signal) {
      const sent = to.state === 'open' ? { state: 'open' } : { state: 'closed', state_reason: to.reason };
      return issueOf(await client.call('PATCH', one(number), sent, signal));
    },
    changedSince: (at, signal) => listIssues(client, issues, { by: 'updated', since: at, signal }),
  };
}

/** `https://github.com/owner/name/issues/12`, of this repository at this GitHub. */
function parseUrl(
  text: string,
  repository: string,
  apiUrl: string,
): { number: number; url: string } | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const api = new URL(apiUrl).host;
  const found = /^\/(?:api\/v3\/)?(?:repos\/)?([\w.-]+\/[\w.-]+)\/issues\/(\d{1,9})\/?$/.exec(url.pathname);
  const isHere = url.host === api || `api.${url.host}` === api;
  const number = Number(found?.[2]);
  if (!isHere || found?.[1]?.toLowerCase() !== repository.toLowerCase() || number < 1) return undefined;
  return { number, url: `${url.origin}/${repository}/issues/${number}` };
}

function since(at: number): string {
  return encodeURIComponent(new Date(Math.max(0, at)).toISOString());
}

/** An issue that was opened by an attempt whose answer never came. Lists are up to date where search is not. */
async function findIssue(
  client: GithubClient,
  issues: string,
  { marker, since: from, signal }: { marker: string; since: number; signal: AbortSignal },
): Promise<Outcome<RemoteTicket | undefined>> {
  // The newest first: after a long outage the others that changed since may be thousands.
  const listed = await listIssues(client, issues, { by: 'created', since: from, signal });
  if (!listed.ok) return listed;
  return { ok: true, value: listed.value.tickets.find(({ body }) => body.includes(marker)) };
}

/** Whether one of the comments has the marker. Theirs is the order of time: it may be on a later page. */
async function isSaid(
  client: GithubClient,
  path: string,
  marker: string,
  signal: AbortSignal,
): Promise<Outcome<boolean>> {
  for (let page = 1; page <= maxPages; page++) {
    const listed = parsed(Comments, await client.call('GET', `${path}&page=${page}`, undefined, signal));
    if (!listed.ok) return listed;
    if (listed.value.some(({ body }) => body?.includes(marker))) return { ok: true, value: true };
    if (listed.value.length < perPage) break;
  }
  return { ok: true, value: false };
}

interface Listing {
  /** The first changed first, or the last created first. */
  readonly by: 'updated' | 'created';
  /** Only what changed since then, Unix ms. */
  readonly since: number;
  readonly signal: AbortSignal;
}

async function listIssues(
  client: GithubClient,
  issues: string,
  { by, since: at, signal }: Listing,
): Promise<Outcome<ChangedTickets>> {
  const tickets: RemoteTicket[] = [];
  const order = by === 'updated' ? 'sort=updated&direction=asc' : 'sort=created&direction=desc';
  let upTo: number | undefined;
  let newest: number | undefined;
  for (let page = 1; page <= maxPages; page++) {
    const query = `state=all&${order}&since=${since(at)}&per_page=${perPage}&page=${page}`;
    const listed = parsed(z.array(Issue), await client.call('GET', `${issues}?${query}`, undefined, signal));
    if (!listed.ok) return listed;
    // GitHub's list of issues has pull requests, too: they fill pages all the same.
    for (const issue of listed.value) {
      const ticket = toTicket(issue);
      newest = Math.max(newest ?? 0, ticket.updatedAt);
      if (issue.pull_request === undefined) tickets.push(ticket);
    }
    const last = listed.value.at(-1);
    if (!last || listed.value.length < perPage)
      return { ok: true, value: { tickets, upTo: undefined, newest } };
    upTo = toTicket(last).updatedAt;
  }
  return { ok: true, value: { tickets, upTo, newest } };
}

function issueOf(answer: Outcome<unknown>): Outcome<RemoteTicket> {
  const issue = parsed(Issue, answer);
  return issue.ok ? { ok: true, value: toTicket(issue.value) } : issue;
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  answer: Outcome<unknown>,
): Outcome<z.output<Schema>> {
  if (!answer.ok) return answer;
  const result = schema.safeParse(answer.value);
  if (result.success) return { ok: true, value: result.data };
  const at = result.error.issues[0]?.path.map(String).join('.') ?? '';
  const error = `GitHub's answer is not as it is documented: "${at}" is missing or wrong`;
  return { ok: false, reason: 'unexpected', error };
}

function toTicket(issue: z.output<typeof Issue>): RemoteTicket {
  const { number, title, state } = issue;
  const updatedAt = Date.parse(issue.updated_at);
  const closedAt = Date.parse(issue.closed_at ?? '');
  return {
    number,
    title,
    state,
    place: /\/([\w.-]+\/[\w.-]+)\/issues\/\d+/.exec(issue.html_url)?.[1] ?? '',
    url: issue.html_url,
    body: issue.body ?? '',
    reason: state === 'closed' ? closeReason(issue.state_reason) : null,
    updatedAt: Number.isNaN(updatedAt) ? 0 : updatedAt,
    closedAt: state === 'closed' && closedAt > 0 ? closedAt : undefined,
  };
}

export function closeReason(text: string | null | undefined): RemoteTicket['reason'] {
  return text === 'completed' || text === 'not_planned' || text === 'duplicate' ? text : null;
}
