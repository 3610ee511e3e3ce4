import type { AccountTables } from './schema/accounts.js';
import type { AlertTables } from './schema/alerts.js';
import type { FeedbackTables } from './schema/feedback.js';
import type { ProblemTables } from './schema/problems.js';
import type { ReleaseTables } from './schema/releases.js';
import type { SuspectTables } from './schema/suspects.js';
import type { VerdictTables } from './schema/verdicts.js';

/**
 * The state database's tables, one file a room below schema/. Types that both SQLite and PostgreSQL have:
 * text, integer (times are Unix milliseconds in `bigint` columns and read as numbers), real, blob/bytea;
 * JSON is text; booleans are 0 and 1.
 */
export type StateSchema = AccountTables &
  AlertTables &
  FeedbackTables &
  ProblemTables &
  ReleaseTables &
  SuspectTables &
  VerdictTables;
