import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { List } from '../../src/http/contract/common.js';
import type { Feedback } from '../../src/http/contract/feedback.js';
import { launchBrowser } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { Session } from '../support/session.js';
import { ShopSite } from '../support/shop-site.js';

/** The widget as it is built and served, in a page of another origin with a strict policy. */
const traceId = '0af7651916cd43dd8448eb211c80319c';
const failedTraceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = (id: string) => `traceparent;desc="00-${id}-b7ad6b7169203331-01"`;
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let lemni: Lemni;
let site: ShopSite;
let browser: Browser;
let session: Session;
let key = '';
let directory = '';
let count = 0;

beforeAll(async () => {
  site = await ShopSite.start();
  site.pages.set('/shop.css', { headers: { 'content-type': 'text/css' }, body: 'body { color: #222 }' });
  site.pages.set('/favicon.ico', {});
  directory = mkdtempSync(join(tmpdir(), 'lemni-widget-'));
  const config = join(directory, 'lemni.yaml');
  writeFileSync(config, `ingest:\n  allowedOrigins: ['${site.origin}']\nfeedback:\n  perMinute: 1000\n`);
  lemni = await Lemni.start({ env: { LEMNI_CONFIG: config } });
  session = await Session.byLink(lemni);
  key = (await session.send<{ key: string }>('POST', '/api/keys', { name: 'shop', scope: 'public' })).key;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.stop();
  await lemni.remove();
  rmSync(directory, { recursive: true, force: true });
});

interface Shop {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly service: string;
  /** Script errors and messages of the console: policy violations among them. */
  readonly problems: string[];
  readonly feedback: () => Promise<Feedback[]>;
  readonly close: () => Promise<void>;
}

interface ShopOptions {
  readonly attributes?: string;
  readonly body?: string;
  readonly policy?: string;
  readonly query?: string;
  readonly phone?: boolean;
  readonly dark?: boolean;
  readonly reducedMotion?: boolean;
}

const strict = () =>
  `default-src 'self'; script-src 'self' ${lemni.url}; connect-src 'self' ${lemni.url}; img-src 'self' data:; require-trusted-types-for 'script'`;

async function openShop(options: ShopOptions = {}): Promise<Shop> {
  const service = `shop-${++count}`;
  site.pages.set(`/${service}`, {
    headers: {
      'content-security-policy': options.policy ?? strict(),
      'server-timing': traceparent(traceId),
    },
    body: `<!doctype html><html lang="en"><head><title>Shop</title><link rel="stylesheet" href="/shop.css"></head>
<body><main><h1>Shop</h1>${options.body ?? '<p>Lamps</p>'}</main>
<script src="${lemni.url}/widget.js" data-key="${key}" data-service="${service}" data-version="1.4.0" data-environment="production" ${options.attributes ?? ''} async></script>
</body></html>`,
  });
  const context = await browser.newContext({
    viewport: options.phone === true ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  await page.goto(`${site.origin}/${service}${options.query ?? ''}`);
  return {
    page,
    context,
    service,
    problems,
    feedback: async () => (await session.get<List<Feedback>>(`/api/feedback?service=${service}`)).items,
    close: () => context.close(),
  };
}

const opener = (page: Page) => page.getByRole('button', { name: /^Feedback/ });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'What do you want to tell us?' });
/** The page's world is not ours: text, since it runs there. */
const inPage = <T>(page: Page, code: string): Promise<T> => page.evaluate<T>(code);

/** What the shop's own style sheet does to everything, the widget's host among it. */
const rudeStyles = `* { color: red !important; font-size: 40px !important; display: none; }
html, body, main, h1, p, input, head + body, label, select, option, textarea, section, div { display: block; }
lemni-feedback { opacity: 0; transform: scale(3); position: absolute; }`;

describe('a page with a strict policy', () => {
  it('is told about with the page, release, session and trace, and nothing is complained about', async () => {
    const shop = await openShop({ query: '?step=2&token=verysecret1' });
    const { page } = shop;
    const before = await inPage<string[]>(page, 'Object.keys(window)');
    await opener(page).click();
    await page.getByRole('radio', { name: '2, Bad' }).check({ force: true });
    await page.getByLabel('Your message').fill('Paying fails\n<b>twice</b>');
    await page.getByLabel(/E-mail/).fill('mona@example.com');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you. It is sent.').waitFor();
    const [feedback] = await eventually(shop.feedback, (items) => items.length === 1);
    expect(feedback).toMatchObject({
      id: expect.stringMatching(/^w-[0-9a-f]{32}$/),
      service: shop.service,
      version: '1.4.0',
      environment: 'production',
      rating: 2,
      message: 'Paying fails\n<b>twice</b>',
      email: 'mona@example.com',
      page: expect.stringMatching(/\/shop-\d+\?step=2&token=(?!verysecret)/),
      sessionId: await inPage(page, "lemni('session')"),
      traceId,
      screenshotUrl: null,
      attributes: { 'browser.viewport': '1280x800', 'lemni.trace_from': 'page' },
    });
    const after = await inPage<string[]>(page, 'Object.keys(window)');
    expect(after.filter((name) => !before.includes(name) && name !== 'lemni')).toEqual([]);
    expect(shop.problems).toEqual([]);
    await shop.close();
  });

  it('has the trace of the request that failed', async () => {
    const shop = await openShop();
    site.pages.set('/api/pay', { headers: { 'server-timing': traceparent(failedTraceId) } });
    await inPage(shop.page, "fetch('/api/pay').then(() => fetch('/shop.css')).then(() => undefined)");
    shop.problems.length = 0;
    await inPage(shop.page, 'new Promise((resolve) => setTimeout(resolve, 200))');
    await inPage(shop.page, "lemni('send', { message: 'by script' }).then(({ kind }) => kind)");
    const [feedback] = await eventually(shop.feedback, (items) => items.length === 1);
    expect(feedback).toMatchObject({
      message: 'by script',
      traceId: failedTraceId,
      attributes: { 'lemni.trace_from': 'request' },
    });
    await shop.close();
  });

  it('can be filled in without a mouse, and keeps its own keys to itself', async () => {
    const shop = await openShop({ body: '<button id="first">Buy</button>' });
    const { page } = shop;
    await opener(page).waitFor();
    await inPage(
      page,
      "document.addEventListener('keydown', (event) => (window.heard = (window.heard ?? '') + event.key)), undefined",
    );
    await page.locator('#first').focus();
    await page.keyboard.press('Tab');
    await inPage(page, "window.heard = '', undefined");
    await page.keyboard.press('Enter');
    await dialog(page).waitFor();
    await page.keyboard.type('jk? works');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    expect(await inPage(page, 'document.activeElement.shadowRoot.activeElement.textContent')).toBe(
      'Feedback',
    );
    // What was typed is still there.
    await page.keyboard.press('Enter');
    await dialog(page).waitFor();
    expect(await page.getByLabel('Your message').inputValue()).toBe('jk? works');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Thank you. It is sent.').waitFor();
    expect(await inPage(page, 'window.heard')).toBe('');
    expect(await eventually(shop.feedback, (items) => items.length === 1)).toMatchObject([
      { message: 'jk? works', rating: 4 },
    ]);
    await shop.close();
  });

  it('says what is missing, and moves there', async () => {
    const shop = await openShop();
    const { page } = shop;
    await opener(page).click();
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('Write something or choose a rating.');
    expect(await page.getByLabel('Your message').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Your message').fill('m');
    await page.getByLabel(/E-mail/).fill('mona@');
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('not complete');
    expect(await inPage(page, 'document.activeElement.shadowRoot.activeElement.type')).toBe('email');
    expect(await shop.feedback()).toEqual([]);
    await shop.close();
  });

  it.each([
    ['light', { dark: false }],
    ['dark', { dark: true }],
    ['phone', { phone: true, reducedMotion: true }],
  ])('is accessible: %s', async (_name, options) => {
    const shop = await openShop({ ...options, policy: "default-src 'self' 'unsafe-inline' data: http:" });
    const { page } = shop;
    await page.addScriptTag({ content: readFileSync(axePath, 'utf8') });
    const violations = () =>
      inPage<string[]>(
        page,
        `axe.run(document.querySelector('lemni-feedback'), { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
           .then(({ violations }) => violations.filter(({ id }) => id !== 'region').map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + failureSummary).join()))`,
      );
    await opener(page).waitFor();
    expect(await violations()).toEqual([]);
    await opener(page).click();
    await page.waitForTimeout(250);
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').filter({ hasText: 'Write' }).waitFor();
    expect(await violations()).toEqual([]);
    const box = await dialog(page).boundingBox();
    expect(box?.width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
    await page.getByLabel('Your message').fill('m');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you').waitFor();
    expect(await violations()).toEqual([]);
    await shop.close();
  });
});

describe('what is sent later', () => {
  it('waits while the browser is offline, over a reload, and arrives once', async () => {
    const shop = await openShop();
    const { page, context } = shop;
    await opener(page).click();
    await context.setOffline(true);
    await page.getByLabel('Your message').fill('from the tunnel');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('will be as soon as possible').waitFor();
    await page.keyboard.press('Escape');
    expect(await inPage<string>(page, "localStorage.getItem('lemni.outbox')")).toContain('from the tunnel');
    await context.setOffline(false);
    await eventually(shop.feedback, (items) => items.length === 1);
    await eventually(
      () => inPage(page, "localStorage.getItem('lemni.outbox')"),
      (kept) => kept === null,
    );
    await page.reload();
    await opener(page).waitFor();
    expect(await shop.feedback()).toHaveLength(1);
    await shop.close();
  });

  it('waits as long as the server says, and is not lost with the tab', async () => {
    const shop = await openShop();
    const { page } = shop;
    await opener(page).waitFor();
    let asked = 0;
    await page.route('**/api/feedback', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      asked++;
      return route.fulfill({
        status: 429,
        headers: {
          'retry-after': '3',
          'access-control-allow-origin': '*',
          'access-control-expose-headers': 'Retry-After',
        },
      });
    });
    const begun = Date.now();
    expect(await inPage(page, "lemni('send', { rating: 1, message: 'busy' }).then(({ kind }) => kind)")).toBe(
      'waiting',
    );
    await page.unroute('**/api/feedback');
    expect(asked).toBe(1);
    // Reloading does not come earlier than it was told.
    await page.reload();
    await eventually(shop.feedback, (items) => items.length === 1);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(3000);
    await shop.close();
  });

  it('says why it was refused, and keeps what was written', async () => {
    const shop = await openShop();
    const { page } = shop;
    await opener(page).click();
    await page.route('**/api/feedback', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 400,
            headers: { 'access-control-allow-origin': '*', 'content-type': 'application/problem+json' },
            body: JSON.stringify({ detail: '"message" is not right.' }),
          })
        : route.fallback(),
    );
    await page.getByLabel('Your message').fill('odd');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('It was not taken: "message" is not right.').waitFor();
    expect(await page.getByLabel('Your message').inputValue()).toBe('odd');
    expect(await inPage(page, "localStorage.getItem('lemni.outbox')")).toBeNull();
    await shop.close();
  });
});

describe('the screenshot', () => {
  const body = `<p>Lamp</p><label>Card <input id="card" value="4111 1111"></label><input type="password" value="hunter2">
<textarea>my secret</textarea><section data-lemni-mask>Balance 1200</section><div class="private">IBAN</div>`;

  it('is taken on request only, is seen before it is sent, and shows no field', async () => {
    const shop = await openShop({ body, attributes: 'data-mask=".private"' });
    const { page } = shop;
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await opener(page).click();
    expect(loaded).not.toContain('/widget-screenshot.js');
    await page.getByRole('button', { name: 'Add a screenshot of this page' }).click();
    await page.getByAltText('The screenshot that will be sent').waitFor();
    expect(loaded).toContain('/widget-screenshot.js');
    expect(shop.problems).toEqual([]);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you. It is sent.').waitFor();
    const [feedback] = await eventually(shop.feedback, (items) => items.length === 1);
    expect(feedback?.screenshotUrl).toMatch(/screenshot$/);
    const picture = await fetch(lemni.url + String(feedback?.screenshotUrl), {
      headers: { cookie: session.cookie },
    });
    expect(picture.headers.get('content-type')).toMatch(/^image\/(webp|jpeg)$/);
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(1000);
    await shop.close();
  });

  it('is the same whatever stands in fields and marked parts, and another when the page differs', async () => {
    const shop = await openShop({ body });
    const { page } = shop;
    const take = () =>
      inPage<string>(
        page,
        `import('${lemni.url}/widget-screenshot.js').then((part) => part.takeScreenshot({ mask: '.private' }))`,
      );
    const first = await take();
    await inPage(
      page,
      `document.querySelector('#card').value = '5555 0000', document.querySelector('[type=password]').value = 'another long one',
       document.querySelector('textarea').value = 'nothing', document.querySelector('.private').textContent = 'BANI',
       document.querySelector('[data-lemni-mask]').textContent = 'Balance 9999', undefined`,
    );
    expect(await take()).toBe(first);
    await inPage(page, "document.querySelector('p').textContent = 'Chair', undefined");
    expect(await take()).not.toBe(first);
    expect(await inPage(page, "document.querySelectorAll('iframe').length")).toBe(0);
    expect(shop.problems).toEqual([]);
    await shop.close();
  });

  it('can be taken back', async () => {
    const shop = await openShop({ body });
    const { page } = shop;
    await opener(page).click();
    await page.getByRole('button', { name: 'Add a screenshot of this page' }).click();
    await page.getByRole('button', { name: 'Remove the screenshot' }).click();
    await page.getByLabel('Your message').fill('without');
    await page.getByRole('button', { name: 'Send' }).click();
    const [feedback] = await eventually(shop.feedback, (items) => items.length === 1);
    expect(feedback?.screenshotUrl).toBeNull();
    await shop.close();
  });

  it('is left out where the policy forbids it, and the rest is sent', async () => {
    const shop = await openShop({
      policy: `default-src 'self'; script-src ${lemni.url}; connect-src ${lemni.url}`,
    });
    const { page } = shop;
    await opener(page).click();
    await page.getByRole('button', { name: 'Add a screenshot of this page' }).click();
    await page.getByText('A screenshot cannot be taken of this page').first().waitFor({ timeout: 20_000 });
    await page.getByLabel('Your message').fill('words');
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await eventually(shop.feedback, (items) => items.length === 1)).toMatchObject([
      { message: 'words' },
    ]);
    await shop.close();
  });
});

describe('between page and widget', () => {
  it('neither does the other harm', async () => {
    site.pages.set('/shop.css', { headers: { 'content-type': 'text/css' }, body: rudeStyles });
    const shop = await openShop({ body: '<p id="p">Lamps</p><script src="/broken.js"></script>' });
    site.pages.set('/broken.js', {
      body: `Array.prototype.extra = 1; window.onerror = () => true;
        Storage.prototype.setItem = () => { throw new Error('full'); };
        window.lemni = function () { (lemni.q = lemni.q || []).push(arguments) };
        lemni('identify', { id: 'u7' }); lemni('set', { attributes: { plan: 'pro' } });
        throw new Error('the page is broken');`,
    });
    await shop.page.reload();
    const { page } = shop;
    await opener(page).waitFor();
    const size = await page.evaluate<string>(
      "getComputedStyle(document.querySelector('lemni-feedback').shadowRoot.querySelector('.open')).fontSize",
    );
    expect(size).toBe('15px');
    const paragraph = await page.evaluate<string>("getComputedStyle(document.querySelector('#p')).fontSize");
    expect(paragraph).toBe('40px');
    await opener(page).click();
    await page.getByLabel('Your message').fill('still works');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you. It is sent.').waitFor();
    expect(await eventually(shop.feedback, (items) => items.length === 1)).toMatchObject([
      { userId: 'u7', attributes: { plan: 'pro' } },
    ]);
    await shop.close();
    site.pages.set('/shop.css', { headers: { 'content-type': 'text/css' }, body: '' });
  });

  it('shows the answer to the person who wrote', async () => {
    const shop = await openShop();
    const { page } = shop;
    await opener(page).waitFor();
    await inPage(page, "lemni('send', { rating: 1, message: 'Paying fails' }).then(() => undefined)");
    const [feedback] = await eventually(shop.feedback, (items) => items.length === 1);
    await session.send('POST', `/api/feedback/${feedback?.id}/answers`, { text: 'Fixed in 1.4.1.' });
    await page.reload();
    await page.getByRole('button', { name: 'Feedback, there is an answer for you' }).click();
    await page.getByText('Fixed in 1.4.1.').waitFor();
    await page.getByText('You wrote: Paying fails').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Feedback', exact: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Feedback', exact: true }).waitFor();
    expect(shop.problems).toEqual([]);
    await shop.close();
  });

  it("speaks the page's language, without a button of its own when asked", async () => {
    const shop = await openShop({
      attributes: 'data-position="none"',
      body: '<button id="mine">Hilfe</button>',
    });
    const { page } = shop;
    await page.waitForFunction("typeof window.lemni === 'function'");
    await inPage(
      page,
      "lemni('words', { title: 'Was möchten Sie uns sagen?', send: 'Senden' }), lemni('open', { rating: 4, message: 'Hallo' })",
    );
    await page.getByRole('dialog', { name: 'Was möchten Sie uns sagen?' }).waitFor();
    expect(await page.getByRole('radio', { name: '4, Good' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Senden' }).click();
    expect(await eventually(shop.feedback, (items) => items.length === 1)).toMatchObject([
      { rating: 4, message: 'Hallo' },
    ]);
    await shop.close();
  });
});
