import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigSchema } from '../../config/schema.js';
import type { ProblemItem } from '../../src/http/contract/problems.js';
import { openEngine, type Engine } from '../../src/query/testing/engine.js';
import { mortal, type Death } from '../testing/death.js';
import { freshSqlite, type FreshState } from '../../test/support/state.js';
import { sendTraffic, World } from '../testing/world.js';
import { GithubServer } from './testing/github-server.js';

let engine: Engine;
let fresh: FreshState;
let world: World;
let github: GithubServer;
let death: Death;
/** How far GitHub's clock is behind ours, ms. */
let behind = 0;

beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  fresh = await freshSqlite();
  behind = 0;
  github = await GithubServer.listen(() => world.now - behind);
  death = mortal(fresh.state);
  world = new World(engine, fresh.state, {
    config: ConfigSchema.parse({
      trackers: {
        github: { repository: 'acme/shop', token: github.token, apiUrl: github.url, labels: ['lemni'] },
        allowPrivateNetworks: ['127.0.0.0/8'],
      },
    }).trackers,
    state: death.state,
    outbound: { timeoutMs: 1000 },
    random: () => 1,
  });
});
afterEach(async () => {
  expect(github.mistakes).toEqual([]);
  await github.close();
  await fresh.stop();
});

async function planned(): Promise<ProblemItem> {
  const incident = await world.incident('checkout', world.now - 60_000);
  const { item } = await world.planning.problems.open(
    { from: { kind: 'incident', incidentId: incident.id } },
    'ada',
  );
  await world.planning.tickets.request(item.id, undefined, 'ada');
  return item;
}

async function problem(id: string) {
  return world.planning.problems.detail(id);
}

/** Sends what is due until nothing is due for `seconds`. */
async function sendFor(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 5) {
    await world.planning.tickets.runDue();
    world.clock.advance(5000);
  }
}

describe('a ticket', () => {
  it('is opened with what the problem is, and known again', async () => {
    const { id } = await planned();
    expect((await problem(id)).ticket).toMatchObject({ state: 'creating', key: '', error: null });
    await world.planning.tickets.runDue();
    const { ticket, state, timeline } = await problem(id);
    expect(state).toBe('planned');
    expect(ticket).toMatchObject({
      ...{
        tracker: 'github',
        key: '#1',
        url: 'https://github.com/acme/shop/issues/1',
        state: 'open',
        error: null,
      },
    });
    expect(timeline.map(({ text }) => text)).toEqual([
      'ada opened it from incident #1',
      'ada asked for a ticket in acme/shop',
      '#1 was opened: https://github.com/acme/shop/issues/1',
    ]);
    const [issue] = github.issues;
    expect(issue).toMatchObject({ title: 'checkout: requests fail', labels: ['lemni'], state: 'open' });
    expect(issue?.body).toContain(`<!-- lemni:problem:${id} -->`);
    expect(issue?.body).toContain(`[P-1 in Lemni](https://lemni.example/problems/${id})`);
    expect(issue?.body).toContain('[incident 1](https://lemni.example/incidents/incident-1)');
    await world.planning.tickets.request(id, undefined, 'bob');
    await world.planning.tickets.runDue();
    expect(github.issues).toHaveLength(1);
  });

  it('leaves alone what people wrote', async () => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    const body = github.issues[0]?.body ?? '';
    github.act(1, { body: `Ask @carol first.\n\n${body}\n\nSee the design.`, title: 'Prices are undefined' });
    await world.planning.problems.patch(id, { title: 'Renamed here' }, 'ada');
    await world.planning.problems.patch(id, { state: 'regressed' }, 'ada');
    await world.planning.tickets.runDue();
    expect(github.issues[0]?.title).toBe('Prices are undefined');
    expect(github.issues[0]?.body).toMatch(/^Ask @carol first\.\n\n<!-- lemni:problem:/);
    expect(github.issues[0]?.body).toMatch(/<!-- lemni:end -->\n\nSee the design\.$/);
  });

  it('follows a new title, as long as it is still Lemni’s', async () => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    await world.planning.problems.patch(id, { title: 'Prices @everyone `x` <b>' }, 'ada');
    await world.planning.tickets.runDue();
    expect(github.issues[0]?.title).toBe('Prices @everyone `x` <b>');
  });

  it('is closed when the problem is dismissed, and opened again with it', async () => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    await world.planning.problems.patch(id, { state: 'dismissed' }, 'ada');
    await world.planning.tickets.runDue();
    expect(github.issues[0]).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
    expect((await problem(id)).ticket?.state).toBe('closed');
    // What Lemni did itself is no news.
    world.clock.advance(60_000);
    await world.planning.tickets.poll();
    expect((await problem(id)).state).toBe('dismissed');
    await world.planning.problems.patch(id, { state: 'planned' }, 'ada');
    await world.planning.tickets.runDue();
    expect(github.issues[0]).toMatchObject({ state: 'open' });
  });

  it('may be one that is there', async () => {
    github.issues.push({
      ...{ number: 1, title: 'Prices', body: 'As carol said.', state: 'open', state_reason: null },
      ...{ labels: [], updatedAt: world.now, comments: [] },
    });
    const incident = await world.incident('checkout', world.now);
    const { item } = await world.planning.problems.open(
      { from: { kind: 'incident', incidentId: incident.id } },
      'ada',
    );
    const { tickets } = world.planning;
    await expect(tickets.request(item.id, 'https://github.com/acme/shop/issues/1', 'ada')).rejects.toThrow(
      'no address of an issue of acme/shop',
    );
    await tickets.request(item.id, `${github.url}/acme/shop/issues/1`, 'ada');
    await tickets.runDue();
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]?.body).toMatch(/^As carol said\.\n\n<!-- lemni:problem:/);
    expect((await problem(item.id)).ticket).toMatchObject({ key: '#1', state: 'open' });
  });
});

describe('what happens to the issue', () => {
  it.each(['by webhook', 'by asking'])('comes back %s', async (way) => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    world.clock.advance(10_000);
    const act = async (state: 'open' | 'closed', reason: 'completed' | 'not_planned' | null) => {
      const { updatedAt } = github.act(1, { state, state_reason: reason });
      const news = { place: 'Acme/Shop', number: 1, url: '', state, reason, updatedAt, actor: 'carol' };
      if (way === 'by webhook') await world.planning.tickets.told(news);
      await world.planning.tickets.poll();
      await world.planning.tickets.poll();
      world.clock.advance(10_000);
    };
    await act('closed', 'completed');
    expect(await problem(id)).toMatchObject({ state: 'planned', ticket: { state: 'closed' } });
    await act('open', null);
    expect(await problem(id)).toMatchObject({ state: 'planned', ticket: { state: 'open' } });
    await act('closed', 'not_planned');
    const detail = await problem(id);
    expect(detail).toMatchObject({ state: 'dismissed', ticket: { state: 'closed' } });
    const who = way === 'by webhook' ? ' by carol' : '';
    expect(detail.timeline.slice(3).map(({ text }) => text)).toEqual([
      `#1 was closed as done${who}: the next release of checkout is watched`,
      `#1 was reopened${who}`,
      `#1 was closed as not planned${who}`,
    ]);
  });

  it('makes the next release its fix', async () => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    world.clock.advance(10_000);
    github.act(1, { state: 'closed', state_reason: 'completed' });
    await world.planning.tickets.poll();
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('planned');
    world.clock.advance(10_000);
    await world.deploy('checkout', '1.2');
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({ state: 'fixed', verification: { version: '1.2' } });
    await world.planning.tickets.runDue();
    expect(github.issues[0]?.comments[0]).toMatch(
      /^`checkout` was deployed as `1\.2` after the ticket was closed as done\. Lemni watches it for 20 s\./,
    );
  });

  it('makes the release after it was closed its fix, whatever was said later', async () => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    world.clock.advance(10_000);
    github.act(1, { state: 'closed', state_reason: 'completed' });
    world.clock.advance(10_000);
    await world.deploy('checkout', '1.2');
    world.clock.advance(10_000);
    github.act(1, { body: `${github.issues[0]?.body ?? ''}\n\nIt is out.` });
    await world.planning.tickets.poll();
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({ state: 'fixed', verification: { version: '1.2' } });
  });

  it('that is older than what is known is no news', async () => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    world.clock.advance(60_000);
    github.act(1, { state: 'closed', state_reason: 'completed' });
    await world.planning.tickets.poll();
    const late = { place: 'acme/shop', number: 1, url: '', state: 'open', reason: null } as const;
    await world.planning.tickets.told({ ...late, updatedAt: world.now - 30_000, actor: 'carol' });
    expect((await problem(id)).ticket?.state).toBe('closed');
  });
});

describe('what a ticket quotes', () => {
  it('calls nobody, shows no picture, and ends no part of the ticket', async () => {
    const bad = '@acme/all ![](https://evil.example/x.png) <!-- lemni:end --> #7';
    const from = world.now - 60_000;
    await sendTraffic(engine, {
      ...{ service: 'checkout', version: '1.1', from, to: world.now, requests: 300 },
      ...{ failed: 90, error: bad },
    });
    const { id } = await planned();
    await world.planning.problems.pass();
    await world.planning.tickets.runDue();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await world.planning.problems.pass();
    await sendTraffic(engine, {
      ...{ service: 'checkout', version: '1.2', from: world.now, to: world.now + 21_000 },
      ...{ requests: 210, failed: 0, error: '' },
    });
    world.clock.advance(21_000);
    await world.planning.problems.pass();
    await sendFor(30);
    expect((await problem(id)).state).toBe('verified');
    const [issue] = github.issues;
    const texts = [issue?.body ?? '', ...(issue?.comments ?? [])];
    expect(texts).toHaveLength(3);
    expect(texts.filter((text) => text.includes('@acme/all'))).toHaveLength(2);
    for (const text of texts) {
      const outside = text.replaceAll(/`[^`\n]*`/g, '');
      expect(outside).not.toMatch(/@acme|!\[|#7/);
    }
    expect(issue?.body.match(/<!-- lemni:end -->/g)).toHaveLength(1);
  });
});

describe('GitHub', () => {
  it.each([
    ['out of quota', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }, /Going on in 100 s/],
    ['asking for a pause', { status: 429, headers: { 'retry-after': '100' } }, /429.*Going on in 100 s/],
    [
      'at its secondary limit',
      { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } },
      /Going on in 60 s/,
    ],
    ['away', { status: 503 }, /^GitHub answered 503/],
    ['refusing the token', { status: 401, body: { message: 'Bad credentials' } }, /token right/],
    ['without the repository', { status: 404, body: { message: 'Not Found' } }, /trackers.github.repository/],
    [
      'sending elsewhere',
      { status: 301, headers: { location: 'https://evil.example/' } },
      /redirect to evil.example that is not followed/,
    ],
  ] as const)('%s is waited out, and said', async (_what, answer, error) => {
    const reset = { 'x-ratelimit-reset': String(world.now / 1000 + 100) };
    let isDown = true;
    github.trouble = () =>
      isDown
        ? { ...answer, headers: { ...('headers' in answer ? answer.headers : {}), ...reset } }
        : undefined;
    const { id } = await planned();
    await world.planning.tickets.runDue();
    expect((await problem(id)).ticket).toMatchObject({
      state: 'creating',
      error: expect.stringMatching(error),
    });
    await sendFor(50);
    expect(github.requests.length).toBeLessThan(8);
    isDown = false;
    await sendFor(1000);
    expect((await problem(id)).ticket).toMatchObject({ state: 'open', key: '#1', error: null });
    expect(github.issues).toHaveLength(1);
    const { timeline } = await problem(id);
    expect(timeline).toHaveLength(3);
    expect(JSON.stringify(await problem(id))).not.toContain(github.token);
  });

  it('that hangs holds up nobody for longer than its time', async () => {
    github.trouble = (_request, n) => (n <= 2 ? 'hang' : undefined);
    const { id } = await planned();
    await world.planning.tickets.runDue();
    expect((await problem(id)).ticket?.error).toBe('GitHub did not answer within 1 s');
    await sendFor(120);
    expect(github.issues).toHaveLength(1);
  });

  it('that did it and was not heard is not asked to do it again', async () => {
    github.trouble = ({ method }, n) => (n <= 1 && method === 'POST' ? 'lost' : undefined);
    const { id } = await planned();
    await world.planning.tickets.runDue();
    expect(github.issues).toHaveLength(1);
    expect((await problem(id)).ticket?.state).toBe('creating');
    await sendFor(60);
    expect(github.issues).toHaveLength(1);
    expect((await problem(id)).ticket).toMatchObject({ key: '#1', state: 'open' });
  });

  it('that did it and was not heard is not asked again though its clock is hours behind ours', async () => {
    behind = 5 * 3_600_000;
    github.trouble = ({ method }, n) => (n <= 1 && method === 'POST' ? 'lost' : undefined);
    const { id } = await planned();
    await sendFor(60);
    expect(github.issues).toHaveLength(1);
    expect((await problem(id)).ticket).toMatchObject({ key: '#1', state: 'open' });
  });

  it('is heard by asking though its clock is hours behind ours', async () => {
    behind = 5 * 3_600_000;
    const { id } = await planned();
    await world.planning.tickets.runDue();
    await world.planning.tickets.poll();
    world.clock.advance(60_000);
    await world.planning.tickets.poll();
    world.clock.advance(60_000);
    github.act(1, { state: 'closed', state_reason: 'not_planned' });
    await world.planning.tickets.poll();
    expect(await problem(id)).toMatchObject({ state: 'dismissed', ticket: { state: 'closed' } });
  });

  it('that took a comment and was not heard is not told it again, however many comments there are', async () => {
    const { id } = await planned();
    await sendFor(10);
    const comments = github.issues[0]?.comments ?? [];
    comments.push(...Array.from({ length: 250 }, (_, i) => `Other ${i}`));
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await world.planning.problems.pass();
    let isLost = false;
    github.trouble = ({ method, path }) => {
      const isComment = method === 'POST' && path.endsWith('/comments');
      if (isLost || !isComment) return undefined;
      isLost = true;
      return 'lost';
    };
    await sendFor(120);
    expect(isLost).toBe(true);
    expect(comments.filter((body) => body.includes('lemni:comment'))).toHaveLength(1);
    expect((await problem(id)).state).toBe('fixed');
  });

  it('with a thousand changes a minute is neither misread nor asked twice', async () => {
    const crowd = (n: number, isPull: boolean) => {
      for (let i = 0; i < n; i++) {
        const number = github.issues.length + 1;
        github.issues.push({
          ...{ number, title: 'Other', body: '', state: 'open', state_reason: null, labels: [] },
          ...{ updatedAt: world.now, comments: [], isPull },
        });
      }
    };
    crowd(1100, false);
    github.trouble = ({ method }, n) => (n <= 1 && method === 'POST' ? 'lost' : undefined);
    const { id } = await planned();
    await world.planning.tickets.runDue();
    const mine = github.issues.length;
    // It was opened, nobody heard it, and everything else changes meanwhile.
    world.clock.advance(1000);
    for (let number = 1; number < mine; number++) github.act(number, {});
    await sendFor(60);
    expect(github.issues).toHaveLength(mine);
    expect((await problem(id)).ticket).toMatchObject({ key: `#${mine}`, state: 'open' });
    await world.planning.tickets.poll();
    world.clock.advance(60_000);
    crowd(1100, true);
    world.clock.advance(1000);
    github.act(mine, { state: 'closed', state_reason: 'not_planned' });
    for (let i = 0; i < 4; i++) await world.planning.tickets.poll();
    expect(await problem(id)).toMatchObject({ state: 'dismissed', ticket: { state: 'closed' } });
  });

  it('that moved the repository is followed within itself, with what was sent', async () => {
    github.repository = 'acme/store';
    github.trouble = ({ path }) =>
      path.startsWith('/repos/acme/shop/')
        ? { status: 307, headers: { location: path.replace('shop', 'store') } }
        : undefined;
    const { id } = await planned();
    await world.planning.tickets.runDue();
    expect((await problem(id)).ticket).toMatchObject({ key: '#1', state: 'open' });
  });

  it('that lost the issue ends the ticket, and says so', async () => {
    const { id } = await planned();
    await world.planning.tickets.runDue();
    github.issues.length = 0;
    await world.planning.problems.patch(id, { state: 'dismissed' }, 'ada');
    await sendFor(300);
    expect((await problem(id)).ticket).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('410'),
    });
  });
});

describe('a process that is killed', () => {
  it(
    'before any statement has opened one ticket, and said everything once',
    { timeout: 120_000 },
    async () => {
      const { id } = await planned();
      await world.planning.problems.patch(id, { state: 'dismissed' }, 'ada');
      await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
      await world.planning.problems.pass();
      let deaths = 0;
      for (let n = 1; ; n++) {
        world.restart();
        death.in(n);
        const survived = await world.planning.tickets.runDue().then(
          () => true,
          () => false,
        );
        death.never();
        if (!survived) deaths++;
        expect(github.issues.length).toBeLessThanOrEqual(1);
        const [op] = await fresh.state
          .selectFrom('ticket_outbox')
          .select('id')
          .where('status', '=', 'pending')
          .execute();
        if (!op) break;
        // Until the lease of the dead one is over.
        world.clock.advance(121_000);
      }
      expect(deaths).toBeGreaterThan(10);
      expect(github.issues).toHaveLength(1);
      const comments = github.issues[0]?.comments ?? [];
      expect(comments).toHaveLength(1);
      expect((await problem(id)).ticket).toMatchObject({ key: '#1', error: null });
      const { timeline } = await problem(id);
      expect(timeline.filter(({ text }) => text.startsWith('#1 was opened'))).toHaveLength(1);
    },
  );
});

describe('two processes', () => {
  it('open one ticket between them', async () => {
    const { id } = await planned();
    const first = world.planning;
    world.restart();
    await Promise.all([first.tickets.runDue(), world.planning.tickets.runDue(), first.tickets.runDue()]);
    expect(github.issues).toHaveLength(1);
    expect((await problem(id)).ticket?.key).toBe('#1');
  });
});
