import { z } from 'zod';
import { listOf, Page, Time } from './common.js';

export const roles = ['viewer', 'responder', 'admin'] as const;
export type Role = (typeof roles)[number];
export const keyScopes = ['ingest', 'public', 'api'] as const;
export type KeyScope = (typeof keyScopes)[number];

export const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  /** Cannot log in; kept for the names in timelines. */
  disabled: z.boolean(),
  createdAt: Time,
  lastLoginAt: Time.nullable(),
});
export type User = z.infer<typeof User>;

export const LoginInput = z.strictObject({ email: z.string().max(320), password: z.string().max(1024) });
/** The one-time link is `/login?token=...`. */
export const LoginLinkInput = z.strictObject({ token: z.string().max(200) });
/**
 * `csrfToken` must come back as `X-CSRF-Token` with every POST, PUT, PATCH and DELETE of a cookie session.
 * `needsAccount` is true after a first login by link while no account with a password exists.
 */
export const Me = z.object({
  user: User,
  csrfToken: z.string(),
  needsAccount: z.boolean(),
  installation: z.object({
    version: z.string(),
    publicUrl: z.string(),
    retention: z.record(z.string(), z.string()),
  }),
});
export type Me = z.infer<typeof Me>;

export const Password = z.string().min(10, 'a password has at least 10 characters').max(1024);
export const UserInput = z.strictObject({
  email: z.email().max(320),
  name: z.string().max(200).optional(),
  role: z.enum(roles),
  password: Password,
});
export type UserInput = z.infer<typeof UserInput>;
/** `POST /api/account`: the first account, for who came by the first link. */
export const AccountInput = z.strictObject({
  email: z.email().max(320),
  name: z.string().max(200),
  password: Password,
});
export type AccountInput = z.infer<typeof AccountInput>;
/** `PATCH /api/users/{id}`; `PATCH /api/me` takes `name`, `password` and `currentPassword`. */
export const UserPatch = z.strictObject({
  name: z.string().max(200).optional(),
  role: z.enum(roles).optional(),
  disabled: z.boolean().optional(),
  password: Password.optional(),
  /** Needed to change one's own password. */
  currentPassword: z.string().max(1024).optional(),
});

export const Key = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(keyScopes),
  /** Of `api` keys. */
  role: z.enum(roles).nullable(),
  /** The first characters, to tell keys apart. */
  hint: z.string(),
  createdAt: Time,
  createdBy: z.string(),
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
});
export type Key = z.infer<typeof Key>;
export const KeyInput = z.strictObject({
  name: z.string().min(1).max(200),
  scope: z.enum(keyScopes),
  /** For `api` keys: what they may do. */
  role: z.enum(roles).optional(),
});
/** The only time the key is shown. */
export const KeyCreated = Key.extend({ key: z.string() });
export type KeyCreated = z.infer<typeof KeyCreated>;

/** `GET /api/audit`, newest first: who did what. */
export const AuditQuery = Page;
export const AuditEntry = z.object({
  id: z.string(),
  at: Time,
  /** An e-mail address, `key NAME` or `cli`. */
  actor: z.string(),
  /** Noun and verb, e.g. `user.created`. */
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditLog = listOf(AuditEntry);
export type AuditLog = z.infer<typeof AuditLog>;
