import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, logInByLink, openWindow } from '../support/browser.js';
import { Lemni } from '../support/lemni.js';
import { sendSampleShop } from '../support/sample-shop.js';

/** The pictures of docs/images: each page, dark and light, and at the width of a phone. */
const pages: readonly (readonly [name: string, path: string])[] = [
  ['overview', '/'],
  ['logs', '/logs?query=level%3Aerror'],
  ['traces', '/traces'],
  ['metrics', '/metrics'],
  ['incidents', '/incidents'],
  ['releases', '/releases'],
  ['feedback', '/feedback'],
  ['settings', '/settings'],
];

let lemni: Lemni;
let browser: Browser;

beforeAll(async () => {
  mkdirSync('docs/images', { recursive: true });
  lemni = await Lemni.start({ env: { LEMNI_ALERTS_INTERVAL: '2s' } });
  await sendSampleShop({ url: lemni.url, now: Date.now() });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await lemni.remove();
});

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(1200);
}

it('takes the pictures', async () => {
  const { page, context } = await openWindow(browser);
  await logInByLink(page, lemni);
  await page.getByLabel(/e-?mail/i).fill('ada@example.com');
  for (const field of await page.locator('input[type=password]').all())
    await field.fill('a long enough password');
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  const state = await context.storageState();
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const [size, width, height] of [
      ['', 1440, 900],
      ['-phone', 390, 844],
    ] as const) {
      const window = await browser.newContext({
        storageState: state,
        viewport: { width, height },
        colorScheme,
      });
      const tab = await window.newPage();
      for (const [name, path] of pages) {
        await tab.goto(lemni.url + path);
        await settle(tab);
        await tab.screenshot({ path: `docs/images/${name}${size}-${colorScheme}.png` });
      }
      await window.close();
    }
  }
});
