import { once } from 'node:events';
import express, { type Request, type Response } from 'express';

export interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: string[];
  readonly createdAt: string;
  updatedAt: string;
  readonly comments: Comment[];
}

interface Comment {
  readonly id: number;
  body: string;
  readonly at: string;
}

/** A tracker that speaks the part of GitHub's REST API that issues need. */
export interface Issues {
  /** Of its API. */
  readonly url: string;
  readonly repository: string;
  readonly all: readonly Issue[];
  close(): Promise<void>;
}

/**
 * Keeps issues in memory and shows them to a browser, so that a ticket's link leads somewhere. `created` stands
 * between an issue and the answer to who made it.
 */
export async function startIssues(
  repository: string,
  token: string,
  created: () => Promise<void> = () => Promise.resolve(),
): Promise<Issues> {
  const all: Issue[] = [];
  const app = express();
  app.disable('x-powered-by');
  const api = express.Router();
  app.use('/api/v3', api);
  api.use(express.json({ limit: '1mb' }));
  api.use((request, response, next) => {
    if (request.get('authorization')?.replace(/^(Bearer|token) /i, '') === token) next();
    else response.status(401).json({ message: 'Bad credentials' });
  });
  const base = `/repos/${repository}`;
  const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;
  const find = (request: Request, response: Response): Issue | undefined => {
    const issue = all[Number(request.params['number']) - 1];
    if (issue === undefined) response.status(404).json({ message: 'Not Found' });
    return issue;
  };
  const view = (issue: Issue): unknown => viewOf(issue, `${url}/${repository}`, `${url}/api/v3${base}`);

  api.get(base, (_request, response) => {
    response.json({ full_name: repository, has_issues: true, html_url: `${url}/${repository}` });
  });
  api.post(`${base}/issues`, async (request, response) => {
    const { title, body, labels } = request.body as { title?: string; body?: string; labels?: string[] };
    if (title === undefined || title === '') {
      response.status(422).json({ message: 'Validation Failed' });
      return;
    }
    const at = now();
    const issue: Issue = {
      ...{ number: all.length + 1, title, body: body ?? '', state: 'open' },
      ...{ labels: labels ?? [], createdAt: at, updatedAt: at, comments: [] },
    };
    all.push(issue);
    await created();
    response.status(201).location(`${url}/api/v3${base}/issues/${issue.number}`).json(view(issue));
  });
  api.get(`${base}/issues`, (request, response) => {
    const { state = 'open', since, page = '1' } = request.query as Record<string, string>;
    const found = all
      .filter((issue) => state === 'all' || issue.state === state)
      .filter((issue) => since === undefined || Date.parse(issue.updatedAt) >= Date.parse(since))
      .toReversed();
    response.json(page === '1' ? found.map(view) : []);
  });
  api.get(`${base}/issues/:number`, (request, response) => {
    const issue = find(request, response);
    if (issue) response.json(view(issue));
  });
  api.patch(`${base}/issues/:number`, (request, response) => {
    const issue = find(request, response);
    if (!issue) return;
    const { title, body, state } = request.body as Partial<Pick<Issue, 'title' | 'body' | 'state'>>;
    Object.assign(issue, {
      title: title ?? issue.title,
      body: body ?? issue.body,
      state: state ?? issue.state,
    });
    issue.updatedAt = now();
    response.json(view(issue));
  });
  api.post(`${base}/issues/:number/comments`, (request, response) => {
    const issue = find(request, response);
    if (!issue) return;
    const comment = {
      id: issue.number * 1000 + issue.comments.length,
      body: (request.body as { body?: string }).body ?? '',
      at: now(),
    };
    issue.comments.push(comment);
    issue.updatedAt = comment.at;
    response.status(201).json(commentView(comment, `${url}/${repository}`));
  });
  api.get(`${base}/issues/:number/comments`, (request, response) => {
    const issue = find(request, response);
    if (issue) response.json(issue.comments.map((comment) => commentView(comment, `${url}/${repository}`)));
  });
  api.get('/search/issues', (request, response) => {
    const words = (((request.query as { q?: string }).q ?? '').match(/"[^"]+"|\S+/g) ?? []).filter(
      (word) => !/^\w+:/.test(word),
    );
    const found = all.filter(({ title, body }) =>
      words.every((word) => `${title}\n${body}`.includes(word.replaceAll('"', ''))),
    );
    response.json({ total_count: found.length, incomplete_results: false, items: found.map(view) });
  });
  app.get(`/${repository}/issues/:number`, (request, response) => {
    const issue = find(request, response);
    if (issue) response.type('html').send(pageOf(issue, repository));
  });

  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  return {
    url: `${url}/api/v3`,
    repository,
    all,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function viewOf(issue: Issue, pages: string, api: string): unknown {
  return {
    id: issue.number,
    node_id: `I_${issue.number}`,
    number: issue.number,
    url: `${api}/issues/${issue.number}`,
    html_url: `${pages}/issues/${issue.number}`,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.state === 'closed' ? 'completed' : null,
    labels: issue.labels.map((name) => ({ name })),
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.state === 'closed' ? issue.updatedAt : null,
    user: { login: 'lemni', id: 1 },
  };
}

function commentView({ id, body, at }: Comment, pages: string): unknown {
  return {
    id,
    body,
    html_url: `${pages}#issuecomment-${id}`,
    created_at: at,
    updated_at: at,
    user: { login: 'lemni', id: 1 },
  };
}

function pageOf(issue: Issue, repository: string): string {
  const comments = issue.comments
    .map(({ body, at }) => `<h3>${at}</h3><pre>${escaped(body)}</pre>`)
    .join('\n');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(issue.title)}</title>
<style>body{font:16px/1.5 system-ui;max-width:48rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;font:inherit}</style>
<p>${escaped(repository)}, a tracker of Lemni's demo</p>
<h1>${escaped(issue.title)} #${issue.number}</h1><p>${issue.state}</p><pre>${escaped(issue.body)}</pre>${comments}</html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
