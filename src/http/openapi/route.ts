import type { z } from 'zod';
import type { KeyScope, Role } from '../contract/accounts.js';

/** Who may come in: the same words as the doors in access.ts. */
export type Door =
  | { readonly kind: 'open' }
  /** A login; no key will do. */
  | { readonly kind: 'person'; readonly role: Role }
  /** A login or an `api` key, with at least this role. */
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'key'; readonly scopes: readonly KeyScope[] };

/** One route of the REST API, as /api/openapi.json tells it. A test holds the table against what is mounted. */
export interface RouteDoc {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form: `/api/incidents/{id}`. */
  readonly path: `/api/${string}`;
  /** One line, in the imperative. */
  readonly summary: string;
  readonly description?: string;
  readonly door: Door;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Successful answers by status; null: without a body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** When the answer is no JSON. */
  readonly mediaType?: string;
}

export const openDoor: Door = { kind: 'open' };
export const viewer: Door = { kind: 'role', role: 'viewer' };
export const responder: Door = { kind: 'role', role: 'responder' };
export const admin: Door = { kind: 'role', role: 'admin' };
