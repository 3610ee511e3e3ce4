import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feedback } from '../../src/http/contract/feedback.js';
import { launchBrowser, logInByLink } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { logsRequest, newTraceId, post } from '../support/otlp-json.js';
import { Session } from '../support/session.js';

/** The inbox in a real browser: filters in the URL, selection, groups, answers, and while more comes in. */
const widgetId = `w-${'0a'.repeat(16)}`;
const traceId = newTraceId();

let lemni: Lemni;
let browser: Browser;
let session: Session;
let state: Awaited<ReturnType<BrowserContext['storageState']>>;

const say = async (more: object): Promise<void> => {
  const answer = await post(`${lemni.url}/api/feedback`, {
    service: 'shop',
    version: '1.4.0',
    environment: 'production',
    page: 'https://shop.example/pay?step=2',
    ...more,
  });
  expect([200, 202]).toContain(answer.status);
};

beforeAll(async () => {
  lemni = await Lemni.start({ env: { LEMNI_FEEDBACK_PER_MINUTE: '1000' } });
  browser = await launchBrowser();
  const context = await browser.newContext();
  const page = await context.newPage();
  await logInByLink(page, lemni);
  await page.getByLabel(/e-?mail/i).fill('ada@example.com');
  for (const field of await page.locator('input[type=password]').all())
    await field.fill('a long enough password');
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  state = await context.storageState();
  await context.close();
  session = await Session.byPassword(lemni, 'ada@example.com', 'a long enough password');
});
afterAll(async () => {
  await browser.close();
  await lemni.remove();
});

async function open(path: string, phone = false): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({
    storageState: state,
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    colorScheme: phone ? 'light' : 'dark',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(lemni.url + path);
  await page.locator('h1').first().waitFor();
  return { page, problems };
}
const items = (page: Page) => page.getByRole('list', { name: 'Feedback' }).getByRole('listitem');

describe('the feedback page', () => {
  it('gives the line for a page while nobody has said anything', async () => {
    const { page, problems } = await open('/feedback');
    await page.getByText('/widget.js').waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows what failed in the session, and leads to the trace and the logs', async () => {
    await say({
      id: widgetId,
      rating: 1,
      message: 'Paying fails',
      email: 'mona@example.com',
      sessionId: 's-1',
      traceId,
    });
    await say({ rating: 2, message: 'I cannot pay either', page: 'https://shop.example/cart' });
    await say({ rating: 5, message: 'Lovely', version: '1.3.0', environment: 'staging' });
    await post(
      `${lemni.url}/v1/logs`,
      logsRequest({ service: 'payment', version: '2.0.0', environment: 'production' }, [
        {
          body: 'payment failed',
          severity: 17,
          at: Date.now(),
          traceId,
          attributes: {
            'exception.type': 'TypeError',
            'exception.message': 'total of undefined',
            'session.id': 's-1',
          },
        },
      ]),
    );
    await eventually(
      () => session.get<{ items: unknown[] }>(`/api/feedback/${widgetId}/errors`),
      (answer) => answer.items.length === 1,
    );
    const { page, problems } = await open(`/feedback?id=${widgetId}`);
    await page.getByText('total of undefined').waitFor();
    await page.getByRole('link', { name: 'The trace of this moment' }).waitFor();
    expect(await page.getByRole('link', { name: /Write to mona/ }).getAttribute('href')).toMatch(
      /^mailto:mona%40/,
    );
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('keeps its filters in the URL', async () => {
    const { page } = await open(`/feedback?id=${widgetId}`);
    await page.getByRole('button', { name: 'Only this environment' }).click();
    await page.waitForURL(/environment=production/);
    await eventually(
      () => items(page).count(),
      (count) => count === 2,
    );
    await page.getByRole('button', { name: 'Only this page' }).click();
    await page.waitForURL(/page=https:\/\/shop\.example\//);
    await eventually(
      () => items(page).count(),
      (count) => count === 1,
    );
    await page.reload();
    await eventually(
      () => items(page).count(),
      (count) => count === 1,
    );
    await page.getByRole('button', { name: 'Any page' }).click();
    await eventually(
      () => items(page).count(),
      (count) => count === 2,
    );
    await page.context().close();
  });

  it('groups with the keyboard, answers everyone and closes them', async () => {
    const { page, problems } = await open('/feedback?version=1.4.0');
    await eventually(
      () => items(page).count(),
      (count) => count === 2,
    );
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    await page.getByRole('menuitem', { name: 'A new group' }).click();
    await page.waitForURL(/group=/);
    await page.getByText('2 feedbacks, 1.5 stars on average').waitFor();
    await page.getByRole('button', { name: 'Answer all' }).click();
    await page.getByLabel('Answer to all 2').fill('We are on it.');
    await page.getByRole('button', { name: 'Send the answer' }).first().click();
    await page.getByText('Answered 2.').waitFor();
    await page.getByText('We are on it.').first().waitFor();
    const told = await fetch(`${lemni.url}/api/feedback/answers?ids=${widgetId}`);
    expect(await told.json()).toMatchObject({ items: [{ text: 'We are on it.' }] });
    await page.getByRole('button', { name: 'Close all' }).click();
    await page.getByRole('button', { name: 'Open again' }).first().waitFor();
    await eventually(
      () => session.get<{ items: Feedback[] }>('/api/feedback?state=closed'),
      (answer) => answer.items.length === 2,
    );
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('plans the fix of one', async () => {
    const { page } = await open(`/feedback?state=all&id=${widgetId}`);
    await page
      .getByRole('article', { name: 'Feedback' })
      .getByRole('button', { name: 'Plan the fix' })
      .click();
    await page.waitForURL(/\/problems\/\w+/);
    await page.getByText('Paying fails').first().waitFor();
    await page.context().close();
  });

  it('stays usable with much data, while more comes in, on a phone too', async () => {
    const many = Array.from({ length: 150 }, (_, i) => ({
      rating: (i % 5) + 1,
      message: `Number ${i} ${'long words '.repeat(i % 30)}`,
      email: `p${i}@example.com`,
    }));
    // At once: each is answered when it is safe on disk, and many share that wait.
    await Promise.all(many.map(say));
    const { page, problems } = await open('/feedback', true);
    await eventually(
      () => items(page).count(),
      (count) => count === 50,
    );
    await say({ rating: 1, message: 'Just now' });
    await page.getByText('Just now').first().waitFor();
    expect(
      await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0);
    await items(page).filter({ hasText: 'Just now' }).getByRole('button').click();
    await page.getByRole('button', { name: 'Back to the list' }).waitFor();
    expect(
      await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
