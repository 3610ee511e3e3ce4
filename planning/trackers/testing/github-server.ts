import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** An issue as the server keeps it. */
export interface FakeIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  state_reason: string | null;
  labels: string[];
  updatedAt: number;
  closedAt?: number | undefined;
  readonly comments: string[];
  /** It is a pull request, which GitHub lists among the issues. */
  readonly isPull?: boolean;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What a test puts in the way of the next request; undefined: it is answered as GitHub would. */
export type Trouble = (
  request: Seen,
  count: number,
) =>
  | undefined
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  /** `hang`: never answers; `lost`: does what was asked, and the answer never arrives. */
  | 'hang'
  | 'lost';

const token = 'github_pat_0123456789';
const operations = {
  'GET /repos/{owner}/{repo}/issues': /^\/repos\/([^/]+)\/([^/]+)\/issues$/,
  'POST /repos/{owner}/{repo}/issues': /^\/repos\/([^/]+)\/([^/]+)\/issues$/,
  'GET /repos/{owner}/{repo}/issues/{issue_number}': /^\/repos\/([^/]+)\/([^/]+)\/issues\/(\d+)$/,
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': /^\/repos\/([^/]+)\/([^/]+)\/issues\/(\d+)$/,
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments':
    /^\/repos\/([^/]+)\/([^/]+)\/issues\/(\d+)\/comments$/,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments':
    /^\/repos\/([^/]+)\/([^/]+)\/issues\/(\d+)\/comments$/,
} as const;
type Operation = keyof typeof operations;

interface Checks {
  readonly body: ValidateFunction | undefined;
  readonly query: ReadonlyMap<string, ValidateFunction>;
}

let checks: Map<Operation, Checks> | undefined;

/** Validators of GitHub's own OpenAPI document (@octokit/openapi); read once a process. */
function loadChecks(): Map<Operation, Checks> {
  if (checks) return checks;
  const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.deref.json');
  const { paths } = JSON.parse(readFileSync(path, 'utf8')) as {
    paths: Record<string, Record<string, OpenApiOperation>>;
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  // Query parameters are text: numbers in them are told from their words.
  const forQuery = new Ajv({ strict: false, coerceTypes: true });
  addFormats.default(forQuery);
  checks = new Map();
  for (const name of Object.keys(operations) as Operation[]) {
    const [method = '', route = ''] = name.split(' ');
    const operation = paths[route]?.[method.toLowerCase()];
    if (!operation) throw new Error(`GitHub's document has no ${name}.`);
    const schema = operation.requestBody?.content['application/json']?.schema;
    const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    checks.set(name, {
      body: schema && ajv.compile({ ...typed(schema), additionalProperties: false }),
      query: new Map(query.map((parameter) => [parameter.name, forQuery.compile(wrap(parameter.schema))])),
    });
  }
  return checks;
}

interface OpenApiOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
}

/** OpenAPI 3.0 allows `nullable` beside no type, which ajv does not take; Lemni sends no null. */
function typed(schema: object): object {
  const text = JSON.stringify(schema, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('nullable' in value) || 'type' in value)
      return value;
    const { nullable: _nullable, ...rest } = value;
    return rest;
  });
  return JSON.parse(text) as object;
}

function wrap(schema: object): object {
  return { type: 'object', properties: { value: schema }, required: ['value'] };
}

/**
 * GitHub's issues over real HTTP: every request is held against GitHub's own OpenAPI document, and what does not
 * fit is kept in `mistakes`. Times are the test's, in whole seconds as GitHub's are.
 */
export class GithubServer {
  readonly issues: FakeIssue[] = [];
  readonly requests: Seen[] = [];
  readonly mistakes: string[] = [];
  trouble: Trouble = () => undefined;
  repository = 'acme/shop';
  readonly token = token;
  readonly #server: Server;
  readonly #now: () => number;

  private constructor(server: Server, now: () => number) {
    this.#server = server;
    this.#now = now;
  }

  static async listen(now: () => number): Promise<GithubServer> {
    loadChecks();
    const server = createServer((request, response) => void github.#serve(request, response));
    const github = new GithubServer(server, now);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return github;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** As a person would on the page of the issue. */
  act(
    number: number,
    change: Partial<Pick<FakeIssue, 'state' | 'state_reason' | 'body' | 'title'>>,
  ): FakeIssue {
    const issue = this.issues[number - 1];
    if (!issue) throw new Error(`There is no issue ${number}.`);
    const closed = change.state === 'closed' ? { closedAt: this.#now() } : {};
    return Object.assign(issue, change, closed, { updatedAt: this.#now() });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? '/', this.url);
    const seen = {
      method: request.method ?? '',
      path: url.pathname,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    this.requests.push(seen);
    const trouble = this.trouble(seen, this.requests.length);
    if (trouble === 'hang') return;
    if (trouble !== undefined && trouble !== 'lost') {
      response.writeHead(trouble.status, { 'content-type': 'application/json', ...trouble.headers });
      response.end(JSON.stringify(trouble.body ?? { message: 'Trouble' }));
      return;
    }
    const answer = this.#answer(seen, url, request);
    if (trouble === 'lost') {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(answer.body));
  }

  #answer(seen: Seen, url: URL, { headers }: IncomingMessage): { status: number; body: unknown } {
    if (headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    if (
      headers['x-github-api-version'] !== '2022-11-28' ||
      headers.accept !== 'application/vnd.github+json'
    ) {
      this.mistakes.push(`${seen.method} ${seen.path}: headers`);
    }
    const found = (Object.entries(operations) as [Operation, RegExp][]).find(
      ([name, path]) => name.startsWith(`${seen.method} `) && path.test(url.pathname),
    );
    const parts = found?.[1].exec(url.pathname);
    if (!found || `${parts?.[1] ?? ''}/${parts?.[2] ?? ''}`.toLowerCase() !== this.repository.toLowerCase()) {
      return { status: 404, body: { message: 'Not Found' } };
    }
    if (!this.#isValid(found[0], seen, url)) return { status: 422, body: { message: 'Validation Failed' } };
    return this.#do(found[0], Number(parts?.[3] ?? 0), seen, url);
  }

  #isValid(name: Operation, seen: Seen, url: URL): boolean {
    const { body, query } = loadChecks().get(name) ?? {
      body: undefined,
      query: new Map<string, ValidateFunction>(),
    };
    const before = this.mistakes.length;
    if (body && !body(seen.body)) this.mistakes.push(`${name}: ${JSON.stringify(body.errors)}`);
    if (!body && seen.body !== undefined) this.mistakes.push(`${name}: a body`);
    for (const [key, value] of url.searchParams) {
      const check = query.get(key);
      if (!check?.({ value })) this.mistakes.push(`${name}: ${key}=${value}`);
    }
    return this.mistakes.length === before;
  }

  #do(name: Operation, number: number, seen: Seen, url: URL): { status: number; body: unknown } {
    const issue = this.issues[number - 1];
    switch (name) {
      case 'GET /repos/{owner}/{repo}/issues': {
        const since = Date.parse(url.searchParams.get('since') ?? '1970-01-01T00:00:00Z');
        const changed = this.issues
          .filter((one) => whole(one.updatedAt) >= since)
          .toSorted((a, b) =>
            url.searchParams.get('sort') === 'created' ? b.number - a.number : a.updatedAt - b.updatedAt,
          );
        return { status: 200, body: paged(changed, url).map((one) => this.#view(one)) };
      }
      case 'POST /repos/{owner}/{repo}/issues':
        return { status: 201, body: this.#view(this.#create(seen.body as { title: string })) };
      case 'GET /repos/{owner}/{repo}/issues/{issue_number}':
        return issue ? { status: 200, body: this.#view(issue) } : gone;
      case 'PATCH /repos/{owner}/{repo}/issues/{issue_number}':
        if (!issue) return gone;
        Object.assign(issue, seen.body, { updatedAt: this.#now() });
        if (issue.state === 'open') issue.state_reason = null;
        return { status: 200, body: this.#view(issue) };
      case 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments':
        return issue ? { status: 200, body: paged(issue.comments, url).map((body) => ({ body })) } : gone;
      case 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments':
        if (!issue) return gone;
        issue.comments.push((seen.body as { body: string }).body);
        issue.updatedAt = this.#now();
        return { status: 201, body: { id: 1, body: issue.comments.at(-1) } };
    }
  }

  #create(sent: { title: string; body?: string; labels?: string[] }): FakeIssue {
    const issue: FakeIssue = {
      ...{
        number: this.issues.length + 1,
        title: sent.title,
        body: sent.body ?? '',
        labels: sent.labels ?? [],
      },
      ...{ state: 'open', state_reason: null, updatedAt: this.#now(), comments: [] },
    };
    this.issues.push(issue);
    return issue;
  }

  #view({ comments, updatedAt, closedAt, labels, isPull = false, ...issue }: FakeIssue): object {
    return {
      ...issue,
      ...(isPull ? { pull_request: {} } : {}),
      labels: labels.map((name) => ({ name })),
      comments: comments.length,
      closed_at: closedAt === undefined ? null : new Date(whole(closedAt)).toISOString(),
      html_url: `https://github.com/${this.repository}/issues/${issue.number}`,
      updated_at: new Date(whole(updatedAt)).toISOString().replace('.000Z', 'Z'),
    };
  }
}

const gone = { status: 410, body: { message: 'This issue was deleted' } };

function whole(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function paged<T>(items: readonly T[], { searchParams }: URL): T[] {
  const [page, perPage] = [Number(searchParams.get('page') ?? 1), Number(searchParams.get('per_page') ?? 30)];
  return items.slice((page - 1) * perPage, page * perPage);
}
