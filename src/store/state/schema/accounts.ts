/** Times are Unix milliseconds; flags are 0 or 1. */
export interface UsersTable {
  readonly id: string;
  /** Lower case, unique. */
  readonly email: string;
  name: string;
  role: string;
  /** Null: has logged in by link only and must still choose a password. */
  password_hash: string | null;
  readonly created_at: number;
  last_login_at: number | null;
  disabled: number;
}

export interface SessionsTable {
  /** SHA-256 of the cookie's token, in hex. */
  readonly id: string;
  readonly user_id: string;
  readonly csrf_token: string;
  /** `password` or `link`: who came by link may choose a password without knowing the old one. */
  readonly method: string;
  readonly user_agent: string;
  readonly created_at: number;
  last_seen_at: number;
  expires_at: number;
}

export interface LoginTokensTable {
  /** SHA-256 of the link's token, in hex. */
  readonly id: string;
  /** Null: the first admin, who may not exist yet. */
  readonly user_id: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  used_at: number | null;
}

export interface KeysTable {
  readonly id: string;
  readonly name: string;
  /** ingest, public or api. */
  readonly scope: string;
  /** For `api`: what it may do. */
  readonly role: string;
  /** SHA-256 in hex. A key is 256 random bits, so a slow hash would protect nothing. Unique. */
  readonly hash: string;
  /** The first characters, to tell keys apart. */
  readonly hint: string;
  readonly created_by: string;
  readonly created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface AuditLogTable {
  readonly id: string;
  readonly at: number;
  /** Who, for a person: an e-mail address, `key NAME`, `cli`. */
  readonly actor: string;
  /** Noun and verb, e.g. `user.created`. */
  readonly action: string;
  /** What it was done to, e.g. a user's e-mail address. */
  readonly target: string;
  /** JSON. */
  readonly detail: string;
}

export interface AttachmentsTable {
  readonly id: string;
  readonly content_type: string;
  readonly size: number;
  /** Of the bytes, in hex. */
  readonly sha256: string;
  readonly bytes: Buffer;
  readonly created_at: number;
}

export interface WebhookDeliveriesTable {
  /** github, gitlab, ... */
  readonly source: string;
  /** The sender's own id; unique within the source. */
  readonly delivery_id: string;
  readonly at: number;
}

export interface SettingsTable {
  readonly key: string;
  value: string;
}

export interface AccountTables {
  readonly users: UsersTable;
  readonly sessions: SessionsTable;
  readonly login_tokens: LoginTokensTable;
  readonly keys: KeysTable;
  readonly audit_log: AuditLogTable;
  readonly attachments: AttachmentsTable;
  readonly webhook_deliveries: WebhookDeliveriesTable;
  readonly settings: SettingsTable;
}
