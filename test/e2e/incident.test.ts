import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/http/contract/incidents.js';
import type { Suspects } from '../../src/http/contract/suspects.js';
import type { List } from '../../src/http/contract/common.js';
import { launchBrowser, logInByLink, openWindow } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { newSpanId, newTraceId, post, tracesRequest, type SpanInput } from '../support/otlp-json.js';

const minute = 60_000;
const environment = 'production';
/** Where pictures are put, for whoever wants to look. */
const pictures = process.env['INCIDENT_PICTURES'];

const ruleFile = `groups:
  - name: requests
    rules:
      - alert: HighErrorRatio
        kind: errors
        above: 5%
        severity: critical
`;

let rules: string;
let lemni: Lemni;
let browser: Browser;
let read: (path: string) => Promise<unknown>;
let state: Awaited<ReturnType<BrowserContext['storageState']>>;
let incident: Incident;

/** Checkout calls payment; from `began` on its new version fails, payment does not. */
async function shop(began: number): Promise<void> {
  const now = Date.now();
  const spans: Record<string, SpanInput[]> = { '1.3.0': [], '1.4.0': [], '2.0.1': [] };
  for (let at = now - 40 * minute; at < now; at += 3000) {
    const traceId = newTraceId();
    const [server, client] = [newSpanId(), newSpanId()];
    const failed = at >= began && Math.floor(at / 3000) % 3 === 0;
    spans[at < began ? '1.3.0' : '1.4.0']?.push(
      { name: 'POST /order', at, failed, traceId, spanId: server },
      { name: 'POST /pay', at: at + 2, traceId, spanId: client, parentSpanId: server, kind: 3 },
    );
    spans['2.0.1']?.push({ name: 'POST /pay', at: at + 4, traceId, parentSpanId: client, durationMs: 9 });
  }
  for (const [version, some] of Object.entries(spans)) {
    const service = version === '2.0.1' ? 'payment' : 'checkout';
    await post(`${lemni.url}/v1/traces`, tracesRequest({ service, version, environment }, some));
  }
}

beforeAll(async () => {
  rules = mkdtempSync(join(tmpdir(), 'lemni-rules-'));
  writeFileSync(join(rules, 'rules.yaml'), ruleFile);
  const config = join(rules, 'lemni.yaml');
  writeFileSync(config, `alerts: { interval: 2s, rules: ['${join(rules, 'rules.yaml')}'] }\n`);
  const env = { LEMNI_CONFIG: config };
  lemni = await Lemni.start({ env });
  browser = await launchBrowser();
  const { page, context } = await openWindow(browser);
  await logInByLink(page, lemni);
  await page.getByLabel(/e-?mail/i).fill('ada@example.com');
  for (const field of await page.locator('input[type=password]').all())
    await field.fill('a long enough password');
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  read = async (path) => (await context.request.get(lemni.url + path)).json();
  const began = Date.now() - 4 * minute;
  for (const [service, version, at] of [
    ['checkout', '1.4.0', began - 20_000],
    ['payment', '2.0.1', began - 3 * 3_600_000],
  ] as const) {
    await post(`${lemni.url}/api/deploys`, {
      ...{ service, version, environment, actor: 'ann' },
      startedAt: new Date(at).toISOString(),
      finishedAt: new Date(at + 10_000).toISOString(),
    });
  }
  await shop(began);
  await post(`${lemni.url}/api/feedback`, {
    ...{ service: 'checkout', version: '1.4.0', environment, rating: 1 },
    message: 'I paid and the order is not there',
  });
  const { items } = await eventually(
    () => read('/api/incidents') as Promise<List<Incident>>,
    (list) => list.items.some(({ suspect }) => suspect != null),
    30_000,
  );
  state = await context.storageState();
  incident = items[0]!; // There is one: it was waited for.
}, 120_000);

afterAll(async () => {
  await browser.close();
  await lemni.remove();
  rmSync(rules, { recursive: true, force: true });
});

describe('an incident after a bad release', () => {
  it('suspects the release, by the time its first message was written', async () => {
    expect(incident.suspect).toMatchObject({ service: 'checkout', version: '1.4.0' });
    expect(incident.suspect?.probability).toBeGreaterThan(0.8);
    const { items } = (await read(`/api/incidents/${incident.id}/suspects`)) as Suspects;
    expect(items.map(({ version }) => version)).toContain('2.0.1');
    expect(items.map(({ releaseId }) => releaseId)).toContain(null);
  });

  it.each([
    [1440, 'dark'],
    [1440, 'light'],
    [390, 'dark'],
    [390, 'light'],
  ] as const)('says who caused it and why at %i px, %s', async (width, colorScheme) => {
    const context = await browser.newContext({
      storageState: state,
      viewport: { width, height: 1000 },
      colorScheme,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(`${lemni.url}/incidents/${incident.id}`);
    const suspects = page.getByRole('region', { name: 'What caused it?' });
    const first = suspects.locator('.suspect').first();
    await first.getByRole('link', { name: /^checkout 1\.4\.0, deployed/ }).waitFor();
    await page.getByText('I paid and the order is not there').waitFor();
    await page.getByRole('heading', { name: 'Failing requests' }).waitFor();
    await page.waitForTimeout(300);
    if (pictures !== undefined) {
      await page.screenshot({ path: `${pictures}/incident-${width}-${colorScheme}.png`, fullPage: true });
    }
    expect(
      await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0);
    const none = suspects.locator('.suspect', { hasText: 'No release is to blame' });
    await none.getByRole('button', { name: / for No release is to blame$/ }).click();
    await none.getByText('What else fails').waitFor();
    await first.locator('.evidence-link').first().click();
    await page.waitForURL((url) => !url.pathname.startsWith('/incidents'));
    expect(problems).toEqual([]);
    await context.close();
  });

  it('stands in the list with its suspect, and its fix can be planned', async () => {
    const context = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${lemni.url}/incidents`);
    await page.getByText(/suspect: checkout 1\.4\.0/).waitFor();
    await page.goto(`${lemni.url}/incidents/${incident.id}`);
    await page.getByRole('button', { name: 'Plan the fix' }).click();
    await page.waitForURL(/\/problems\//);
    await page.goto(`${lemni.url}/incidents/${incident.id}`);
    await page.getByRole('link', { name: /^Its problem: P-1/ }).waitFor();
    await context.close();
  });
});
