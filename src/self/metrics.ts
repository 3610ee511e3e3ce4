import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The registry behind `/metrics`; each room adds its own metrics to it in its metrics.ts. */
export function createRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'lemni_build_info',
    help: 'The version of Lemni that runs; always 1.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
  return registry;
}

export type { Registry };
