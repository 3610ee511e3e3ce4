import type { RequestHandler, Response } from 'express';
import { invariant } from '../lib/errors.js';
import type { KeyScope, Role } from './contract/accounts.js';

/** Who is asking, put on `response.locals.principal` by the middleware below. */
export type Principal =
  | { readonly kind: 'user'; readonly id: string; readonly name: string; readonly role: Role }
  | {
      readonly kind: 'key';
      readonly id: string;
      readonly name: string;
      readonly scope: KeyScope;
      readonly role: Role;
    }
  | {
      readonly kind: 'loopback';
      readonly id: 'loopback';
      readonly name: 'loopback';
      readonly role: 'viewer';
    };

/** The doors. Every route names one. */
export interface Access {
  /** A person who is logged in (CSRF-checked when the method writes) or an `api` key, with at least this role. */
  role(minimum: Role): RequestHandler;
  /**
   * A key with one of the scopes, as `Authorization: Bearer KEY` (or the bare key, as HyperDX's SDKs send it,
   * or `X-Api-Key`); nobody at all while Lemni listens on loopback only and the request came from there.
   */
  key(...scopes: readonly KeyScope[]): RequestHandler;
}

/** Who asks, behind a door that one of the above opened. */
export function principalOf(response: Response): Principal {
  const principal = (response.locals as { principal?: Principal }).principal;
  invariant(principal, 'The route has no door: name access.role(...) or access.key(...) before its handler.');
  return principal;
}
