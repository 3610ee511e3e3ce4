import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.js';
import type { NewId } from '../../lib/ids.js';
import type { StateDatabase } from '../../store/state/connect.js';
import { Keys } from './keys.js';
import { Logins, type LoginLimits } from './logins.js';
import { Passwords, type ScryptCost } from './passwords.js';
import { Sessions } from './sessions.js';
import { Users } from './users.js';

export interface AccountsDeps {
  readonly state: StateDatabase;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  /** `sessions.lifetime` of the configuration, ms. */
  readonly sessionLifetimeMs: number;
  readonly loginLimits?: LoginLimits;
  /** Tests make it cheaper. */
  readonly passwordCost?: ScryptCost;
}

/** People, their logins and the keys of machines. The command line uses it without HTTP. */
export interface Accounts {
  readonly users: Users;
  readonly logins: Logins;
  readonly sessions: Sessions;
  readonly keys: Keys;
  stop(): Promise<void>;
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { state, clock, newId, log } = deps;
  const passwords = new Passwords(deps.passwordCost);
  const sessions = new Sessions({ state, clock, lifetimeMs: deps.sessionLifetimeMs });
  const users = new Users({ state, clock, newId, passwords, sessions });
  const limits = deps.loginLimits === undefined ? {} : { limits: deps.loginLimits };
  const logins = new Logins({ state, clock, newId, passwords, ...limits });
  const keys = new Keys({ state, clock, newId, log });
  return { users, logins, sessions, keys, stop: () => keys.stop() };
}
