import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, logInByLink, openWindow } from '../support/browser.js';
import { Lemni } from '../support/lemni.js';
import { logsRequest, post } from '../support/otlp-json.js';
import { sendSampleShop } from '../support/sample-shop.js';

/** Every page of the built product in a real browser: empty, with data, on a phone, by keyboard, live. */
const pages = [
  '/',
  '/incidents',
  '/releases',
  '/feedback',
  '/problems',
  '/errors',
  '/logs',
  '/traces',
  '/metrics',
  '/settings',
] as const;

/** Pixels beyond the right edge; text, since it runs in the browser. */
const overflowing = 'document.documentElement.scrollWidth - window.innerWidth';

let lemni: Lemni;
let browser: Browser;
let state: Awaited<ReturnType<BrowserContext['storageState']>>;

beforeAll(async () => {
  lemni = await Lemni.start({ env: { LEMNI_ALERTS_INTERVAL: '2s' } });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await lemni.remove();
});

async function open(
  path: string,
  size: { width?: number; height?: number } = {},
): Promise<{ page: Page; problems: string[]; close: () => Promise<void> }> {
  const { width = 1440, height = 900 } = size;
  const context = await browser.newContext({
    storageState: state,
    viewport: { width, height },
    colorScheme: 'dark',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') problems.push(`a request to ${hostname}`);
  });
  await page.goto(lemni.url + path);
  await page.locator('h1').first().waitFor();
  return { page, problems, close: () => context.close() };
}

describe('the way in', () => {
  it('asks who is there, takes the one-time link out of the address, and makes the first account', async () => {
    const { page, context, problems } = await openWindow(browser);
    await page.goto(`${lemni.url}/logs`);
    await page.waitForURL(/\/login/);
    await logInByLink(page, lemni);
    expect(page.url()).not.toContain(lemni.loginToken);
    await page.getByLabel(/e-?mail/i).fill('ada@example.com');
    for (const field of await page.locator('input[type=password]').all())
      await field.fill('a long enough password');
    await page.locator('button[type=submit]').click();
    await page.waitForURL((url) => url.pathname === '/');
    state = await context.storageState();
    expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
    await context.close();
  });

  it('lets the account in with its password, and nobody with another', async () => {
    const { page, context } = await openWindow(browser);
    await page.goto(`${lemni.url}/login`);
    await page.getByLabel(/e-?mail/i).fill('ada@example.com');
    await page.locator('input[type=password]').fill('not the password');
    await page.locator('button[type=submit]').click();
    await page.getByRole('alert').first().waitFor();
    await page.locator('input[type=password]').fill('a long enough password');
    await page.locator('button[type=submit]').click();
    await page.waitForURL((url) => url.pathname === '/');
    await context.close();
  });
});

describe('without data', () => {
  it.each(pages)('%s has its question, no error, and fits a phone', async (path) => {
    const { page, problems, close } = await open(path, { width: 390, height: 844 });
    expect(await page.locator('h1').count()).toBe(1);
    await page.waitForLoadState('networkidle');
    const overflow = await page.evaluate<number>(overflowing);
    expect(overflow, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
    await close();
  });

  it('the Overview says how to send the first signal', async () => {
    const { page, close } = await open('/');
    await page.getByText('/v1/traces').first().waitFor();
    await close();
  });
});

describe('with the data of a shop', () => {
  beforeAll(async () => {
    await sendSampleShop({ url: lemni.url, now: Date.now(), perMinute: 40, minutes: 20 });
  });

  it.each(pages)('%s shows it without an error, on a screen and on a phone', async (path) => {
    for (const size of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const { page, problems, close } = await open(path, size);
      await page.waitForLoadState('networkidle');
      const overflow = await page.evaluate<number>(overflowing);
      expect(overflow, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
      expect(problems).toEqual([]);
      await close();
    }
  });

  it('the Overview names the services, the deploy and what people said', async () => {
    const { page, close } = await open('/');
    for (const text of ['checkout', '1.4.0', 'I pressed Pay three times'])
      await page.getByText(text).first().waitFor();
    await close();
  });

  it('Logs finds by query, opens a line and its trace', async () => {
    const { page, close } = await open('/logs?query=level%3Aerror');
    await page.getByText('while pricing order').first().click();
    await page.getByText('exception.type').filter({ visible: true }).first().waitFor();
    await page.getByRole('link', { name: /trace/i }).last().click();
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
    await page.getByText('POST /orders').first().waitFor();
    await close();
  });

  it('Logs says where a query is wrong', async () => {
    const { page, close } = await open(`/logs?query=${encodeURIComponent('service:(')}`);
    await page
      .getByText(/something to search for is missing/i)
      .first()
      .waitFor();
    await close();
  });

  it('a script in a log line and in feedback is text', async () => {
    const script = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>';
    await post(`${lemni.url}/v1/logs`, logsRequest({ service: 'evil' }, [{ body: script }]));
    await post(`${lemni.url}/api/feedback`, { service: 'evil', message: script, rating: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const path of ['/logs?query=service%3Aevil', '/feedback']) {
      const { page, close } = await open(path);
      await page.getByText('onerror').first().waitFor();
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      await close();
    }
  });
});

describe('by keyboard', () => {
  it('goes to pages, finds everything, and helps', async () => {
    const { page, close } = await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForURL(/\/logs/);
    await page.locator('h1').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL(/\/incidents/);
    await page.keyboard.press('?');
    await page.getByRole('dialog').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').last().waitFor();
    await close();
  });
});

describe('live', () => {
  it('a page hears of an incident while it is open', async () => {
    const { page, close } = await open('/incidents');
    // The shop's last minutes fail; the shipped rule waits a minute before it fires.
    await page
      .getByText(/checkout/)
      .first()
      .waitFor({ timeout: 100_000 });
    await close();
  }, 120_000);

  it('the tail brings a new line without a reload', async () => {
    const { page, close } = await open('/logs?query=service%3Atailed');
    await page.getByRole('button', { name: /live/i }).click();
    const timer = setInterval(
      () => void post(`${lemni.url}/v1/logs`, logsRequest({ service: 'tailed' }, [{ body: 'a fresh line' }])),
      500,
    );
    try {
      await page.getByText('a fresh line').first().waitFor({ timeout: 20_000 });
    } finally {
      clearInterval(timer);
    }
    await close();
  });
});
