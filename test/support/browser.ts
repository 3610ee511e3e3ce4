import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Lemni } from './lemni.js';

export interface BrowserOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'dark' | 'light';
}

/** A real Chromium out of an npm package: nothing else has to be installed. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    // Not the package's own arguments: they are for one page in a function (a single process that ends with its
    // first window) and switch the web's security off, which is under test here.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
    ],
    headless: true,
  });
}

/** A browser window that fails the test on script errors and on requests that leave the machine. */
export async function openWindow(
  browser: Browser,
  options: BrowserOptions = {},
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'dark',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
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
  return { context, page, problems };
}

/** Opens the one-time link, as the person at the terminal would. */
export async function logInByLink(page: Page, lemni: Lemni): Promise<void> {
  await page.goto(`${lemni.url}/login?token=${lemni.loginToken}`);
  await page.waitForURL((url) => !url.pathname.startsWith('/login') || !url.search.includes('token'));
}
