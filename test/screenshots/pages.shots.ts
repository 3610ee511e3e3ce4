import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, logInByLink, openWindow } from '../support/browser.js';
import { Lemni } from '../support/lemni.js';
import { apiOf, storyConfig, tellStory, type Story } from '../support/sample-story.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

/** The pictures of docs/images: each page of the story, dark and light, and at the width of a phone. */
const pages = (story: Story): readonly (readonly [name: string, path: string])[] => [
  ['overview', '/'],
  ['logs', '/logs?query=level%3Aerror'],
  ['traces', '/traces'],
  ['metrics', '/metrics'],
  ['errors', '/errors'],
  ['incidents', '/incidents'],
  ['incident', `/incidents/${story.incident.id}`],
  ['releases', '/releases'],
  ['release', `/releases/${story.releaseId}`],
  ['feedback', `/feedback?group=${story.feedbackGroupId}`],
  ['problems', '/problems'],
  ['problem', `/problems/${story.problem.id}`],
  ['problem-fixed', `/problems/${story.fixed.id}`],
  ['settings', '/settings'],
  ['settings-alerting', '/settings/alerting'],
];

let lemni: Lemni;
let browser: Browser;
let receiver: WebhookReceiver;

beforeAll(async () => {
  mkdirSync('docs/images', { recursive: true });
  receiver = await WebhookReceiver.listen('whsec_c3RvcnktcGljdHVyZXMtb25seQ==');
  lemni = await Lemni.start({ env: { LEMNI_CONFIG: storyConfig(receiver.url) } });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await lemni.remove();
  await receiver.close();
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
  const story = await tellStory(lemni.url, await apiOf(context, lemni.url));
  // Verdicts, suspects and messages follow within seconds.
  await page.waitForTimeout(15_000);
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
      for (const [name, path] of pages(story)) {
        await tab.goto(lemni.url + path);
        await settle(tab);
        await tab.screenshot({ path: `docs/images/${name}${size}-${colorScheme}.png` });
      }
      await window.close();
    }
  }
});
