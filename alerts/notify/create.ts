import { lookup } from 'node:dns/promises';
import type { Config } from '../../config/schema.js';
import { BadInput } from '../../src/lib/errors.js';
import type { Notifier } from './notifier.js';
import { addressGuard } from '../../src/lib/outbound/addresses.js';
import type { Resolve } from '../../src/lib/outbound/request.js';
import { slack } from './slack/slack.js';
import { webhook } from './webhook/webhook.js';

export interface NotifierOptions {
  readonly resolve?: Resolve;
  readonly timeoutMs?: number;
}

const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** The notifiers that the configuration names. Throws `BadInput` that names the wrong one. */
export function createNotifiers(
  config: Pick<Config['alerts'], 'webhooks' | 'slack' | 'allowPrivateNetworks'>,
  { resolve = systemResolve, timeoutMs = 15_000 }: NotifierOptions = {},
): Notifier[] {
  const deps = {
    guard: addressGuard(config.allowPrivateNetworks),
    resolve,
    timeoutMs,
    userAgent: 'Lemni',
  };
  const notifiers = [
    ...config.slack.map((each) => slack(each, deps)),
    ...config.webhooks.map((each) => webhook(each, deps)),
  ];
  const names = new Set<string>();
  for (const { name } of notifiers) {
    if (names.has(name)) throw new BadInput('bad_request', `Two notifiers are called "${name}": rename one.`);
    names.add(name);
  }
  return notifiers;
}
