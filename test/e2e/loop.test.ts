import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorGroup, ProblemItem } from '../../src/http/contract/problems.js';
import type { List } from '../../src/http/contract/common.js';
import { launchBrowser, logInByLink, openWindow } from '../support/browser.js';
import { Lemni } from '../support/lemni.js';
import { logsRequest, post } from '../support/otlp-json.js';
import { apiOf, storyConfig, tellStory, type Api, type Story } from '../support/sample-story.js';

/** From what is seen to what is planned and verified, in a real browser; and every page by axe-core. */
let lemni: Lemni;
let browser: Browser;
let state: Awaited<ReturnType<BrowserContext['storageState']>>;
let api: Api;
let story: Story;

/** Pixels beyond the right edge; text, since it runs in the browser. */
const overflowing = 'document.documentElement.scrollWidth - window.innerWidth';
const script = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>';

interface Look {
  readonly width?: number;
  readonly colorScheme?: 'dark' | 'light';
}

async function open(path: string, { width = 1440, colorScheme = 'dark' }: Look = {}) {
  const viewport = { width, height: width < 500 ? 844 : 900 };
  const context = await browser.newContext({ storageState: state, viewport, colorScheme });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(lemni.url + path);
  await page.locator('h1, .empty').first().waitFor();
  return { page, problems, close: () => context.close() };
}

async function fits(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate<number>(overflowing), 'pixels beyond the right edge').toBeLessThanOrEqual(0);
}

beforeAll(async () => {
  lemni = await Lemni.start({ env: { LEMNI_CONFIG: storyConfig() } });
  browser = await launchBrowser();
  const { page, context } = await openWindow(browser);
  await logInByLink(page, lemni);
  await page.getByLabel(/e-?mail/i).fill('ada@example.com');
  for (const field of await page.locator('input[type=password]').all())
    await field.fill('a long enough password');
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  state = await context.storageState();
  api = await apiOf(context, lemni.url);
});

afterAll(async () => {
  await browser.close();
  await lemni.remove();
});

describe('before anything happened', () => {
  it.each(['/problems', '/errors'])('%s says how the first one comes', async (path) => {
    for (const width of [1440, 390]) {
      const { page, problems, close } = await open(path, { width });
      await page.locator('.empty-title').waitFor();
      await fits(page);
      expect(problems).toEqual([]);
      await close();
    }
  });

  it('each way to open a problem that is named leads to a page', async () => {
    const { page, close } = await open('/problems');
    await page.locator('.empty-text a').first().waitFor();
    const links = await page
      .locator('.empty-text a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(links.map((href) => href?.split('?')[0])).toEqual(['/incidents', '/errors', '/logs', '/feedback']);
    await close();
  });

  it('a link to a problem that is not there says so', async () => {
    const { page, close } = await open('/problems/nobody');
    await page.getByText('There is no such problem.').waitFor();
    await close();
  });
});

describe('with a bad release, its incident, and a fix', () => {
  beforeAll(async () => {
    story = await tellStory(lemni.url, api);
  });

  it('Problems ranks them, and says how each rank comes about when asked', async () => {
    const { page, problems, close } = await open('/problems');
    const rows = page.locator('.problems tbody tr');
    await rows.first().waitFor();
    const { items } = await api.get<List<ProblemItem>>('/api/problems');
    expect(await rows.locator('.problem-title').allTextContents()).toEqual(items.map(({ title }) => title));
    const [first] = items;
    await rows.first().locator('.problem-score').focus();
    await page
      .getByRole('tooltip')
      .filter({ hasText: first?.impact.arithmetic ?? '' })
      .waitFor();
    await rows.first().locator('td[data-column=trend] svg path').first().waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('Problems keeps its filters in the address', async () => {
    const { page, close } = await open('/problems');
    await page.getByText('Fixed', { exact: true }).click();
    await page.waitForURL(/state=fixed/);
    await page.getByText(story.fixed.title).waitFor();
    await expect.poll(() => page.locator('.problems tbody tr').count()).toBe(1);
    await page.goto(`${lemni.url}/problems?state=all&service=checkout`);
    await page.getByRole('link', { name: story.problem.title }).waitFor();
    await expect.poll(() => page.getByText(story.fixed.title).count()).toBe(0);
    await page.getByRole('button', { name: 'Any service' }).click();
    await page.getByText(story.fixed.title).waitFor();
    await close();
  });

  it('a problem shows its way, its signature, its fix and who opened it', async () => {
    const { page, problems, close } = await open(`/problems/${story.fixed.id}`);
    await page.locator('.problem-steps [data-step=fixed][aria-current=step]').waitFor();
    await page.getByRole('region', { name: 'Verification' }).getByText('0.9.5').first().waitFor();
    await page.getByText('to go').waitFor();
    await page.getByText('TimeoutError: the carrier did not answer within 2000 ms').nth(1).waitFor();
    await page.locator('.problem-signature').getByRole('link', { name: 'Errors' }).click();
    await page.waitForURL(/\/errors\?.*group=\d+/);
    await page.locator('.errors tr[data-current=true]').getByText('TimeoutError').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('a problem is renamed, commented, dismissed and opened again where one reads it', async () => {
    const { page, problems, close } = await open(`/problems/${story.problem.id}`);
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Title').fill('Pricing fails');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Pricing fails' }).waitFor();
    await page.getByLabel('Comment').fill(`It is ${script}`);
    await page.keyboard.press('Control+Enter');
    await page.locator('.timeline-entry[data-kind=comment]').getByText('onerror').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('dismissed: not worth planning').waitFor();
    await page.getByRole('button', { name: 'Open it again' }).click();
    await page.locator('.problem-steps [data-step=open][aria-current=step]').waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(problems).toEqual([]);
    await close();
  });

  it('a ticket without a tracker says what is to be set', async () => {
    const { page, close } = await open(`/problems/${story.problem.id}`);
    await page.getByRole('button', { name: 'Create a ticket' }).click();
    await page
      .getByText(/trackers/)
      .first()
      .waitFor();
    await close();
  });

  it('Errors leads to the problem of an error, and finds the one that is there', async () => {
    const { page, problems, close } = await open('/errors');
    const line = page.locator('.errors tr', { hasText: 'TimeoutError' });
    await line.getByRole('button', { name: /^Plan the fix/ }).click();
    await page.waitForURL(`**/problems/${story.fixed.id}*`);
    expect(problems).toEqual([]);
    await close();
  });

  it('a log pattern leads to a problem of its own', async () => {
    const { page, problems, close } = await open('/logs?view=patterns&query=level%3Aerror');
    await page.getByRole('button', { name: /^Plan the fix of the carrier/ }).click();
    await page.waitForURL(/\/problems\/\w+/);
    await page.locator('.problem-signature').getByText('log pattern').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('the keyboard goes there, along the list, and in', async () => {
    const { page, close } = await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL(/\/problems/);
    await page.locator('.problems tbody tr').nth(1).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const title = await page.locator('.problems tr[data-current=true] .problem-title').textContent();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/problems\/\w+/);
    await page.getByRole('heading', { level: 1, name: title ?? '' }).waitFor();
    await close();
  });

  it('the Overview names the incident, its way and what to fix, and what becomes a problem travels', async () => {
    const { page, problems, close } = await open('/');
    await page
      .getByText(/of requests fail/)
      .first()
      .waitFor();
    await page.locator('[data-station=plan] .loop-value').waitFor();
    await page.locator('.top-problem').first().waitFor();
    await post(`${lemni.url}/v1/logs`, thrown('catalog', 'The shelf is empty'));
    await planError('catalog');
    await page.locator('.loop-news', { hasText: 'To plan: P-' }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('a problem appears in the list without a reload, and its text stays text', async () => {
    const { page, problems, close } = await open('/problems');
    await page.locator('.problems tbody tr').first().waitFor();
    await page.evaluate('window.stayed = true');
    await post(`${lemni.url}/v1/logs`, thrown('accounts', script));
    await planError('accounts');
    await page.locator('.problem-title', { hasText: 'onerror' }).waitFor();
    expect(await page.evaluate('window.stayed')).toBe(true);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(problems).toEqual([]);
    await close();
  });

  describe('every page, dark on a desk and light on a phone', () => {
    const pages: readonly (readonly [string, () => string])[] = [
      ['overview', () => '/'],
      ['incidents', () => '/incidents'],
      ['incident', () => `/incidents/${story.incident.id}`],
      ['releases', () => '/releases'],
      ['release', () => `/releases/${story.releaseId}`],
      ['feedback', () => '/feedback'],
      ['problems', () => '/problems?state=all'],
      ['problem', () => `/problems/${story.problem.id}`],
      ['problem with a fix', () => `/problems/${story.fixed.id}`],
      ['errors', () => '/errors'],
      ['logs', () => '/logs'],
      ['patterns', () => '/logs?view=patterns'],
      ['traces', () => '/traces'],
      ['metrics', () => '/metrics'],
      ['settings, connect', () => '/settings/connect'],
      ['settings, alerting', () => '/settings/alerting'],
    ];

    it.each(pages)('%s fits, and axe-core finds nothing against WCAG AA', async (_, pathOf) => {
      const found = new Set<string>();
      for (const [width, colorScheme] of [
        [1440, 'dark'],
        [390, 'light'],
      ] as const) {
        const { page, problems, close } = await open(pathOf(), { width, colorScheme });
        await fits(page);
        for (const one of await violations(page)) found.add(one);
        expect(problems).toEqual([]);
        await close();
      }
      expect([...found]).toEqual([]);
    });
  });
});

function thrown(service: string, message: string): unknown {
  const attributes = { 'exception.type': 'Error', 'exception.message': message };
  return logsRequest({ service }, [{ body: message, severity: 17, attributes }]);
}

async function planError(service: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const { items } = await api.get<List<ErrorGroup>>(`/api/errors?service=${service}`);
    const [group] = items;
    if (group) {
      const from = { kind: 'error_group', service, fingerprint: group.fingerprint };
      await api.send('POST', '/api/problems', { from });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${service} has no error group.`);
}

/** What axe-core finds against WCAG 2.2 A and AA, each with the elements, short enough to read. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`;
  const { violations: found } = await page.evaluate<AxeResults>(run);
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' | ')}`,
  );
}
