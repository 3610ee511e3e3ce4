import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startBalancer, type Balancer } from './balancer.js';
import { freePort } from './free-port.js';
import { root, services } from './place.js';
import { Child } from './process.js';
import { until } from './until.js';

export const environment = 'production';

/** Commits of the releases, as a pipeline would pass them on. */
export const commits: Readonly<Record<string, string>> = {
  '1.0.0': '5d1f0c8a9b3e47d6a2c1f0e9d8b7a6c5d4e3f2a1',
  '1.1.0': '8f3c2b1d7e6a5948b3c2d1e0f9a8b7c6d5e4f3a2',
  '1.2.0': 'c4a9e7b2f1d8c6a5e3b0d9f7a8c1e2b4d6f5a0c3',
};

export interface ShopServices {
  readonly shopUrl: string;
  /** Starts this version of checkout, sends requests to it, and ends the one before. */
  deployCheckout(version: string): Promise<void>;
  assertAlive(): void;
  stop(): Promise<void>;
  kill(): void;
}

export interface ServicesOptions {
  readonly lemniUrl: string;
  /** For the widget. */
  readonly publicKey: string;
  readonly shopPort: number;
}

/** The demo's services, each in a process of its own. */
export async function startServices({
  lemniUrl,
  publicKey,
  shopPort,
}: ServicesOptions): Promise<ShopServices> {
  const children: Child[] = [];
  const balancer: Balancer = await startBalancer();

  async function start(
    name: string,
    port: number,
    entry: string,
    env: Record<string, string>,
  ): Promise<Child> {
    const own = env['LEMNI_URL'] !== undefined;
    const child = new Child({
      name,
      command: process.execPath,
      args: [
        '--max-old-space-size=96',
        '--import',
        own ? '@lemni/sdk/register' : join(services, 'telemetry.js'),
        join(services, entry),
      ],
      cwd: root,
      env: { PORT: String(port), LOG_LEVEL: 'info', NODE_ENV: environment, ...env },
    });
    children.push(child);
    await until(`${name} answers`, 20_000, async () => {
      child.assertAlive();
      return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
    });
    return child;
  }

  const plain = (name: string, version: string): Record<string, string> => ({
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: `service.version=${version},deployment.environment.name=${environment}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: lemniUrl,
    OTEL_BSP_SCHEDULE_DELAY: '1000',
    OTEL_METRIC_EXPORT_INTERVAL: '10000',
    OTEL_METRIC_EXPORT_TIMEOUT: '5000',
  });
  const [inventoryPort, paymentsPort] = [await freePort(), await freePort()];
  const inventoryUrl = `http://127.0.0.1:${inventoryPort}`;
  const paymentsUrl = `http://127.0.0.1:${paymentsPort}`;
  let current: Child | undefined;

  async function deployCheckout(version: string): Promise<void> {
    const port = await freePort();
    // Nothing says its name and version: the SDK finds them in the release's package.json.
    const next = await start(`checkout ${version}`, port, `checkout/${version}/main.js`, {
      LEMNI_URL: lemniUrl,
      GIT_COMMIT: commits[version] ?? '',
      INVENTORY_URL: inventoryUrl,
      PAYMENTS_URL: paymentsUrl,
    });
    balancer.switchTo(port);
    const before = current;
    current = next;
    // What the old one was asked, it still answers.
    await pause(300);
    await before?.stop();
  }

  await Promise.all([
    start('inventory', inventoryPort, 'inventory/main.js', plain('inventory', '3.4.1')),
    start('payments', paymentsPort, 'payments/main.js', plain('payments', '2.0.7')),
    deployCheckout('1.0.0'),
  ]);
  await start('shop', shopPort, 'shop/main.js', {
    ...plain('shop', '5.2.0'),
    SHOP_VERSION: '5.2.0',
    LEMNI_PUBLIC_KEY: publicKey,
    INVENTORY_URL: inventoryUrl,
    CHECKOUT_URL: balancer.url,
  });
  return {
    shopUrl: `http://127.0.0.1:${shopPort}`,
    deployCheckout,
    assertAlive: () => {
      for (const child of children)
        if (child === current || !child.name.startsWith('checkout')) child.assertAlive();
    },
    stop: async () => {
      await Promise.all(children.map((child) => child.stop()));
      await balancer.close();
    },
    kill: () => {
      for (const child of children) child.kill();
    },
  };
}
