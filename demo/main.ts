import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLoad } from './load/shoppers.js';
import { startChat } from './runner/chat.js';
import { writeConfiguration } from './runner/configuration.js';
import { freePort, portOr } from './runner/free-port.js';
import { startIssues } from './runner/issues.js';
import { startLemni } from './runner/lemni.js';
import { startServices } from './runner/shop-services.js';
import { play, tellFirstDeploy } from './runner/story.js';
import { Terminal } from './runner/terminal.js';

const help = `npm run demo -- [--once] [--port 4318] [--data-dir DIR]

A shop of four small services runs on this machine with a Lemni of its own. A release with a bug is deployed, noticed,
told, explained, planned, fixed and verified, within three minutes; watch it on the dashboard.

  --once             ends by itself: 0 when every station was seen, else 1
  --port PORT        of the dashboard; 4318 or a free one
  --data-dir DIR     keeps Lemni's data there; a temporary directory otherwise
`;

const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    port: { type: 'string' },
    'data-dir': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const ordersPerSecond = 8;
/** Newest first, as they must end. */
const stops: (() => Promise<void> | void)[] = [];
const terminal = new Terminal((text) => void process.stdout.write(text), process.stdout.isTTY);

async function demo(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'lemni-demo-'));
  stops.push(() => rmSync(directory, { recursive: true, force: true }));
  const dataDir = resolve(options['data-dir'] ?? join(directory, 'data'));
  mkdirSync(dataDir, { recursive: true });
  const chat = await startChat(({ text }) => terminal.message(text));
  stops.push(() => chat.close());
  const token = 'demo-token';
  const issues = await startIssues('pour-over/shop', token);
  stops.push(() => issues.close());
  const shopPort = await freePort();
  const configFile = writeConfiguration({
    ...{ directory, token, chatUrl: chat.url, issuesUrl: issues.url, repository: issues.repository },
    shopUrl: `http://127.0.0.1:${shopPort}`,
  });

  terminal.waiting('Lemni and the shop start');
  const port = options.port === undefined ? await portOr(4318) : Number(options.port);
  const lemni = await startLemni({
    dataDir,
    configFile,
    port,
    grpcPort: await portOr(port === 4318 ? 4317 : 0),
  });
  stops.push(() => lemni.stop());
  process.once('exit', () => lemni.kill());
  terminal.station('Lemni is ready', lemni.url);
  terminal.line();
  terminal.line(`        Log in (once)   ${lemni.loginUrl}`);
  await tellFirstDeploy(lemni.url);
  const shop = await startServices({ lemniUrl: lemni.url, publicKey: lemni.publicKey, shopPort });
  stops.push(() => shop.stop());
  process.once('exit', () => shop.kill());
  terminal.line(`        The shop        ${shop.shopUrl}`);
  terminal.line();
  const load = startLoad({ shopUrl: shop.shopUrl, ordersPerSecond });
  stops.push(() => load.stop());
  await play({ lemni, shop, load, chat, issues, terminal });
  terminal.summary();
  if (options.once) return;
  terminal.line();
  terminal.line(`The shop goes on: look around at ${lemni.url}. Ctrl-C ends everything.`);
  await new Promise(() => undefined);
}

let stopping: Promise<void> | undefined;
/** Once; the load first, then the services, Lemni last but for what it talks to. */
async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      terminal.line(error instanceof Error ? error.message : String(error));
    }
  }
}

async function end(code: number): Promise<void> {
  await (stopping ??= stopAll());
  process.exit(code);
}

if (options.help) {
  terminal.line(help);
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      terminal.line('Ending the demo ...');
      // Ctrl-C is how the demo ends, unless it was to end by itself.
      void end(signal === 'SIGINT' && !options.once ? 0 : 130);
    });
  }
  demo().then(
    () => end(0),
    (error: unknown) => {
      if (stopping) return undefined;
      terminal.missed('The demo stopped', error instanceof Error ? error.message : String(error));
      return end(1);
    },
  );
}
