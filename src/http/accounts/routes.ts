import express, { Router, type Request, type Response } from 'express';
import { BadInput, invariant } from '../../lib/errors.js';
import type { UserRow } from '../../store/state/accounts.js';
import { listAudit } from '../../store/state/audit.js';
import type { StateDatabase } from '../../store/state/connect.js';
import type { KeyRow } from '../../store/state/keys.js';
import type { SessionWithUser } from '../../store/state/sessions.js';
import { principalOf } from '../access.js';
import {
  AccountInput,
  AuditQuery,
  KeyInput,
  LoginInput,
  LoginLinkInput,
  UserInput,
  UserPatch,
  type AuditLog,
  type Key,
  type KeyCreated,
  type Me,
  type User,
} from '../contract/accounts.js';
import type { List } from '../contract/common.js';
import type { AccessControl } from '../create-access.js';
import { parse } from '../validate.js';
import type { Accounts } from './accounts.js';
import type { LoginMethod } from './sessions.js';

export interface AccountRoutesDeps {
  readonly accounts: Accounts;
  readonly access: AccessControl;
  readonly state: StateDatabase;
  /** What the pages show about this installation. */
  readonly installation: Me['installation'];
}

/** Logins, people, keys and the audit log, below /api. */
export function accountRoutes(deps: AccountRoutesDeps): Router {
  const router = Router();
  // Only JSON: a form of another site cannot send that type without a preflight.
  const json = express.json({ limit: '64kb' });
  loginRoutes(router, deps, json);
  ownRoutes(router, deps, json);
  userRoutes(router, deps, json);
  keyRoutes(router, deps, json);
  return router;
}

type Json = ReturnType<typeof express.json>;

function loginRoutes(router: Router, deps: AccountRoutesDeps, json: Json): void {
  const { accounts, access } = deps;
  router.post('/api/login', access.sameSite, json, async (request, response) => {
    const { email, password } = parse(LoginInput, request.body);
    const user = await accounts.logins.byPassword(email, password, request.ip);
    response.json(await beginSession(deps, { request, response, user, method: 'password' }));
  });
  router.post('/api/login/link', access.sameSite, json, async (request, response) => {
    const { token } = parse(LoginLinkInput, request.body);
    const user = await accounts.logins.byLink(token, request.ip);
    response.json(await beginSession(deps, { request, response, user, method: 'link' }));
  });
  router.post('/api/logout', access.person('viewer'), async (_request, response) => {
    await accounts.sessions.end({ id: sessionOf(response).id });
    access.cookie.clear(response);
    response.status(204).end();
  });
}

function ownRoutes(router: Router, deps: AccountRoutesDeps, json: Json): void {
  const { accounts, access } = deps;
  router.get('/api/me', access.person('viewer'), (_request, response) => {
    const session = sessionOf(response);
    response.json(me(deps, session.user, session.csrf_token));
  });
  router.patch('/api/me', access.person('viewer'), json, async (request, response) => {
    const { name, password, currentPassword } = parse(
      UserPatch.pick({ name: true, password: true, currentPassword: true }),
      request.body,
    );
    const session = sessionOf(response);
    if (password !== undefined) await confirmPassword(accounts, session, currentPassword);
    const { user } = session;
    const changed = await accounts.users.change(user.id, { name, password }, user.email, session.id);
    response.json(me(deps, changed, session.csrf_token));
  });
  router.post('/api/account', access.person('admin'), json, async (request, response) => {
    const input = parse(AccountInput, request.body);
    const user = await accounts.users.complete(sessionOf(response).user.id, input);
    response.json(await beginSession(deps, { request, response, user, method: 'password' }));
  });
}

/** Who came by link may have forgotten it: that is what the link is for. */
async function confirmPassword(
  accounts: Accounts,
  session: SessionWithUser,
  current: string | undefined,
): Promise<void> {
  if (session.method === 'link') return;
  if (current === undefined) {
    throw new BadInput('bad_request', 'currentPassword is needed to change a password.', {
      at: 'currentPassword',
    });
  }
  await accounts.logins.confirm(session.user, current);
}

function userRoutes(router: Router, { accounts, access, state }: AccountRoutesDeps, json: Json): void {
  router.get('/api/users', access.role('viewer'), async (_request, response) => {
    const items = (await accounts.users.list()).map(userOf);
    response.json({ items, nextCursor: null } satisfies List<User>);
  });
  router.post('/api/users', access.role('admin'), json, async (request, response) => {
    const user = await accounts.users.create(parse(UserInput, request.body), actorOf(response));
    response.status(201).json(userOf(user));
  });
  router.patch('/api/users/:id', access.role('admin'), json, async (request, response) => {
    const { currentPassword, ...change } = parse(UserPatch, request.body);
    const own = (response.locals as { session?: SessionWithUser }).session;
    if (own && own.user.id === request.params['id'] && change.password !== undefined) {
      await confirmPassword(accounts, own, currentPassword);
    }
    const user = await accounts.users.change(pathId(request), change, actorOf(response), own?.id);
    response.json(userOf(user));
  });
  router.delete('/api/users/:id', access.role('admin'), async (request, response) => {
    await accounts.users.remove(pathId(request), actorOf(response));
    response.status(204).end();
  });
  router.get('/api/audit', access.role('admin'), async (request, response) => {
    const { limit = 100, cursor } = parse(AuditQuery, request.query);
    const entries = await listAudit(state, { limit: limit + 1, before: cursor });
    const items = entries
      .slice(0, limit)
      .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() }));
    const more = entries.length > limit;
    response.json({ items, nextCursor: more ? (items.at(-1)?.id ?? null) : null } satisfies AuditLog);
  });
}

function keyRoutes(router: Router, { accounts, access }: AccountRoutesDeps, json: Json): void {
  router.get('/api/keys', access.role('admin'), async (_request, response) => {
    const items = (await accounts.keys.list()).map(keyOf);
    response.json({ items, nextCursor: null } satisfies List<Key>);
  });
  router.post('/api/keys', access.role('admin'), json, async (request, response) => {
    const input = parse(KeyInput, request.body);
    const { row, key } = await accounts.keys.create({ ...input, by: actorOf(response) });
    response.status(201).json({ ...keyOf(row), key } satisfies KeyCreated);
  });
  router.delete('/api/keys/:id', access.role('admin'), async (request, response) => {
    await accounts.keys.revoke(pathId(request), actorOf(response));
    response.status(204).end();
  });
}

interface Entering {
  readonly request: Request;
  readonly response: Response;
  readonly user: UserRow;
  readonly method: LoginMethod;
}

/** A new session and its cookie; the one that this browser had before is over. */
async function beginSession(
  deps: AccountRoutesDeps,
  { request, response, user, method }: Entering,
): Promise<Me> {
  const { accounts, access } = deps;
  const before = await access.sessionOf(request.headers);
  if (before) await accounts.sessions.end({ id: before.id });
  const { token } = await accounts.sessions.begin(user.id, method, request.get('user-agent') ?? '');
  const found = await accounts.sessions.find(token);
  invariant(found, 'A session that was just begun is not there.');
  access.cookie.set(response, token);
  response.set('Cache-Control', 'no-store');
  return me(deps, found.session.user, found.session.csrf_token);
}

function me(deps: AccountRoutesDeps, user: UserRow, csrfToken: string): Me {
  return {
    user: userOf(user),
    csrfToken,
    needsAccount: user.password_hash === null,
    installation: deps.installation,
  };
}

function sessionOf(response: Response): SessionWithUser {
  const { session } = response.locals as { session?: SessionWithUser };
  invariant(session, 'The route has no door for persons.');
  return session;
}

/** Who does it, for the audit log. */
function actorOf(response: Response): string {
  const { session } = response.locals as { session?: SessionWithUser };
  return session ? session.user.email : `key ${principalOf(response).name}`;
}

function pathId(request: Request): string {
  const id = request.params['id'];
  return typeof id === 'string' ? id : '';
}

function userOf(user: UserRow): User {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role as User['role'], // Written by Users only.
    disabled: user.disabled === 1,
    createdAt: new Date(user.created_at).toISOString(),
    lastLoginAt: timeOrNull(user.last_login_at),
  };
}

function keyOf(key: KeyRow): Key {
  return {
    id: key.id,
    name: key.name,
    scope: key.scope as Key['scope'], // Written by Keys only.
    role: key.scope === 'api' ? (key.role as User['role']) : null, // As above.
    hint: key.hint,
    createdAt: new Date(key.created_at).toISOString(),
    createdBy: key.created_by,
    lastUsedAt: timeOrNull(key.last_used_at),
    revokedAt: timeOrNull(key.revoked_at),
  };
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
