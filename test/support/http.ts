import { pino } from 'pino';
import type { RequestHandler } from 'express';
import { newUlid } from '../../src/lib/ids.js';
import { createAccess, type AccessControl } from '../../src/http/create-access.js';
import { createAccounts, type Accounts } from '../../src/http/accounts/accounts.js';
import { accountRoutes } from '../../src/http/accounts/routes.js';
import type { LoginLimits } from '../../src/http/accounts/logins.js';
import { createHttp, type Http } from '../../src/http/server.js';
import type { OriginRules } from '../../src/http/origins.js';
import { freshSqlite, type FreshState } from './state.js';
import { HandClock } from './hand-clock.js';

export interface GateOptions {
  readonly rules?: Partial<OriginRules>;
  readonly loginLimits?: LoginLimits;
  readonly dashboardDir?: string;
  readonly trustedProxies?: readonly string[];
  readonly drainMs?: number;
  /** More routes behind the same doors. */
  readonly routes?: (access: AccessControl) => readonly RequestHandler[];
}

export interface Gate extends FreshState {
  readonly accounts: Accounts;
  readonly access: AccessControl;
  readonly http: Http;
  readonly clock: HandClock;
  /** What was logged, one object a line. */
  readonly logged: Record<string, unknown>[];
}

/** The real front door over a real SQLite, with cheap passwords and a clock that is moved by hand. */
export async function openGate(options: GateOptions = {}): Promise<Gate> {
  const fresh = await freshSqlite();
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => logged.push(JSON.parse(line)) });
  const clock = new HandClock();
  const rules = { host: '127.0.0.1', publicUrl: '', allowedOrigins: [], ...options.rules };
  const { state } = fresh;
  const accounts = createAccounts({
    state,
    clock,
    newId: newUlid,
    log,
    sessionLifetimeMs: 14 * 86_400_000,
    passwordCost: { ln: 4, r: 8, p: 1 },
    ...(options.loginLimits ? { loginLimits: options.loginLimits } : {}),
  });
  const access = createAccess({ accounts, rules });
  const installation = { version: '0.0.0', publicUrl: 'http://localhost:4318', retention: { logs: '30d' } };
  const http = createHttp({
    rules,
    port: 0,
    routers: [accountRoutes({ accounts, access, state, installation }), ...(options.routes?.(access) ?? [])],
    log,
    clock,
    newId: newUlid,
    ...(options.dashboardDir === undefined ? {} : { dashboardDir: options.dashboardDir }),
    ...(options.trustedProxies ? { trustedProxies: options.trustedProxies } : {}),
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
  });
  const stop = async (): Promise<void> => {
    await http.stop();
    await accounts.stop();
    await fresh.stop();
  };
  return { ...fresh, accounts, access, http, clock, logged, stop };
}
