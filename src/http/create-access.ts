import type { Request, RequestHandler, Response } from 'express';
import { BadInput } from '../lib/errors.js';
import type { SessionWithUser } from '../store/state/sessions.js';
import type { Access, Principal } from './access.js';
import type { Accounts } from './accounts/accounts.js';
import { roles, type KeyScope, type Role } from './contract/accounts.js';
import { notAllowed } from './cors.js';
import { cookie, header, sameText, shownKey, type Headers } from './credentials.js';
import {
  hostName,
  isAllowedOrigin,
  isCrossSite,
  isLoopback,
  isOwnOrigin,
  type OriginRules,
  type Sender,
} from './origins.js';
import { SessionCookie } from './session-cookie.js';

export interface AccessDeps {
  readonly accounts: Pick<Accounts, 'keys' | 'sessions'>;
  /** host, publicUrl and ingest.allowedOrigins of the configuration. */
  readonly rules: OriginRules;
}

/** What a door needs to know of a request, HTTP or gRPC. */
export interface Caller {
  /** Lower-case names; of gRPC its metadata. */
  readonly headers: Headers;
  /** Of the socket, never of a header. */
  readonly remoteAddress: string | undefined;
}

export interface AccessControl extends Access {
  /** A person only: what a key cannot do, such as changing one's password. */
  person(minimum: Role): RequestHandler;
  /** Refuses what another site's page sends; for the ways in, which have no session yet. */
  readonly sameSite: RequestHandler;
  /** The door `key(...)` for wires that are not express: the principal, or throws BadInput. */
  admit(caller: Caller, scopes: readonly KeyScope[]): Promise<Principal>;
  /** The living session of a request that did not come through express (a socket's handshake). */
  sessionOf(headers: Headers): Promise<SessionWithUser | undefined>;
  readonly cookie: SessionCookie;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Headers of a proxy: behind one every request comes from loopback, so coming from there proves nothing. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** The doors (access.ts) over accounts. */
export function createAccess(deps: AccessDeps): AccessControl {
  const { accounts, rules } = deps;
  const sessionCookie = new SessionCookie(rules.publicUrl, accounts.sessions.lifetimeMs);

  async function sessionOf(headers: Headers): Promise<SessionWithUser | undefined> {
    const token = cookie(headers, sessionCookie.name);
    return token === undefined ? undefined : (await accounts.sessions.find(token))?.session;
  }

  async function enterWithSession(request: Request, response: Response, minimum: Role): Promise<void> {
    const token = cookie(request.headers, sessionCookie.name);
    const found = token === undefined ? undefined : await accounts.sessions.find(token);
    if (token === undefined || !found) throw new BadInput('unauthenticated', 'Log in first: /login.');
    const { session } = found;
    if (!safeMethods.has(request.method)) checkCsrf(request, session.csrf_token);
    const role = knownRole(session.user.role);
    checkRole(role, minimum);
    if (found.renewed) sessionCookie.set(response, token);
    const { id, name, email } = session.user;
    response.locals['session'] = session;
    response.locals['principal'] = {
      kind: 'user',
      id,
      name: name === '' ? email : name,
      role,
    } satisfies Principal;
  }

  function checkCsrf(request: Request, expected: string): void {
    if (isCrossSite(senderOf(request.headers), rules)) {
      throw new BadInput('forbidden', 'Another site sent this request in your name: it was not carried out.');
    }
    const shown = header(request.headers, 'x-csrf-token');
    if (shown === undefined || !sameText(shown, expected)) {
      throw new BadInput('forbidden', 'X-CSRF-Token is missing or old: take csrfToken from /api/me.');
    }
  }

  async function enterWithKey(key: string): Promise<Principal & { kind: 'key' }> {
    const row = await accounts.keys.find(key);
    if (!row) throw new BadInput('unauthenticated', 'The key is not known here or was revoked.');
    const scope = row.scope as KeyScope; // Written by Keys.create only.
    return { kind: 'key', id: row.id, name: row.name, scope, role: knownRole(row.role) };
  }

  async function admit(caller: Caller, scopes: readonly KeyScope[]): Promise<Principal> {
    const sender = senderOf(caller.headers);
    if (sender.origin !== undefined && !isOwnOrigin(sender, rules)) {
      if (!isAllowedOrigin(sender.origin, rules.allowedOrigins)) {
        throw new BadInput('forbidden', notAllowed(sender.origin));
      }
    }
    const key = shownKey(caller.headers);
    if (key !== undefined) {
      const principal = await enterWithKey(key);
      if (scopes.includes(principal.scope)) return principal;
      throw new BadInput(
        'forbidden',
        `This is a key of scope ${principal.scope}; here one of scope ${scopes.join(' or ')} is needed.`,
      );
    }
    if (isKeylessNeighbour(caller, sender, scopes)) return loopback;
    throw new BadInput(
      'unauthenticated',
      `A key is needed: \`lemni keys create --scope ${scopes[0] ?? 'ingest'}\` makes one; send it as "Authorization: Bearer KEY".`,
    );
  }

  /** Nobody else can have sent it: Lemni listens on loopback, it came from there, and by no other site's page. */
  function isKeylessNeighbour(caller: Caller, sender: Sender, scopes: readonly KeyScope[]): boolean {
    if (!isLoopback(rules.host) || !isLoopback(caller.remoteAddress)) return false;
    if (!scopes.includes('ingest') && !scopes.includes('public')) return false;
    if (proxyHeaders.some((name) => caller.headers[name] !== undefined)) return false;
    if (sender.host !== undefined && !isNeighbourName(hostName(sender.host))) return false;
    // A page's GET, image or form may come without Origin; its browser still says where it came from.
    return sender.origin !== undefined || !isCrossSite(sender, rules);
  }

  return {
    cookie: sessionCookie,
    admit,
    sessionOf,
    role: (minimum) => async (request, response, next) => {
      response.set('Cache-Control', 'no-store');
      const key = shownKey(request.headers);
      if (key === undefined) await enterWithSession(request, response, minimum);
      else {
        const principal = await enterWithKey(key);
        if (principal.scope !== 'api') {
          throw new BadInput(
            'forbidden',
            `A key of scope ${principal.scope} can only send; reading needs one of scope api.`,
          );
        }
        checkRole(principal.role, minimum);
        response.locals['principal'] = principal;
      }
      next();
    },
    person: (minimum) => async (request, response, next) => {
      response.set('Cache-Control', 'no-store');
      await enterWithSession(request, response, minimum);
      next();
    },
    key:
      (...scopes) =>
      async (request, response, next) => {
        const caller = { headers: request.headers, remoteAddress: request.socket.remoteAddress };
        response.locals['principal'] = await admit(caller, scopes);
        next();
      },
    sameSite: (request, _response, next) => {
      if (isCrossSite(senderOf(request.headers), rules)) {
        throw new BadInput(
          'forbidden',
          'Another site sent this request: log in on the page of Lemni itself.',
        );
      }
      next();
    },
  };
}

const loopback: Principal = { kind: 'loopback', id: 'loopback', name: 'loopback', role: 'viewer' };

function isNeighbourName(name: string): boolean {
  return isLoopback(name) || name === 'host.docker.internal';
}

function senderOf(headers: Headers): Sender {
  return {
    origin: header(headers, 'origin'),
    host: header(headers, 'host'),
    fetchSite: header(headers, 'sec-fetch-site'),
  };
}

function checkRole(role: Role, minimum: Role): void {
  if (roles.indexOf(role) >= roles.indexOf(minimum)) return;
  throw new BadInput('forbidden', `This needs the role ${minimum}; yours is ${role}.`);
}

/** A role that this version does not know (written by a newer one) may do the least. */
function knownRole(role: string): Role {
  return roles.find((known) => known === role) ?? 'viewer';
}
