import { sql, type Insertable, type Selectable } from 'kysely';
import type { Position } from '../../lib/cursor.js';
import type { Notification, NotificationEvent, NotificationStatus } from '../../model/incidents.js';
import { chunks } from '../../lib/chunks.js';
import type { StateDatabase } from './connect.js';
import type { NotificationsTable } from './schema/alerts.js';

/** Puts messages into the outbox. */
export async function enqueueNotifications(
  database: StateDatabase,
  notifications: readonly Notification[],
): Promise<void> {
  for (const some of chunks(notifications, 500)) {
    await database.insertInto('notifications').values(some.map(fromNotification)).execute();
  }
}

/** What of an incident was written for one notifier, oldest first, without bodies. */
export async function notificationsOf(
  database: StateDatabase,
  incidentId: string,
): Promise<Omit<Notification, 'payload'>[]> {
  const rows = await database
    .selectFrom('notifications')
    .select(withoutPayload)
    .where('incident_id', '=', incidentId)
    .orderBy('created_at')
    .orderBy('sequence')
    .limit(1000)
    .execute();
  return rows.map(toRecord);
}

/** What was written for each of the incidents, for every notifier: without bodies. */
export async function notificationsOfIncidents(
  database: StateDatabase,
  incidentIds: readonly string[],
): Promise<Omit<Notification, 'payload'>[]> {
  const found: Omit<Notification, 'payload'>[] = [];
  for (const some of chunks(incidentIds, 1000)) {
    const rows = await database
      .selectFrom('notifications')
      .select(withoutPayload)
      .where('incident_id', 'in', some)
      .orderBy('sequence')
      .execute();
    found.push(...rows.map(toRecord));
  }
  return found;
}

/** Takes a message back that nobody began to send yet; false when somebody did. */
export async function withdrawNotification(database: StateDatabase, id: string): Promise<boolean> {
  const result = await database
    .deleteFrom('notifications')
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('attempts', '=', 0)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function notificationById(
  database: StateDatabase,
  id: string,
): Promise<Omit<Notification, 'payload'> | undefined> {
  const row = await database
    .selectFrom('notifications')
    .select(withoutPayload)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toRecord(row);
}

/**
 * What may be sent now, oldest first: due, and nothing older of the same incident is still on its way to the
 * same notifier, so that nobody hears "resolved" before "firing".
 */
export async function dueNotifications(
  database: StateDatabase,
  notifier: string,
  now: number,
  limit: number,
): Promise<Notification[]> {
  const rows = await database
    .selectFrom('notifications as message')
    .selectAll()
    .where('status', '=', 'pending')
    .where('notifier', '=', notifier)
    .where('next_attempt_at', '<=', now)
    .where((test) =>
      test.not(
        test.exists(
          test
            .selectFrom('notifications as older')
            .select(sql<number>`1`.as('one'))
            .whereRef('older.incident_id', '=', 'message.incident_id')
            .whereRef('older.notifier', '=', 'message.notifier')
            .whereRef('older.sequence', '<', 'message.sequence')
            .where('older.status', '=', 'pending'),
        ),
      ),
    )
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toNotification);
}

/** When the next message of a notifier may be sent; undefined: none waits. */
export async function nextDueAt(database: StateDatabase, notifier: string): Promise<number | undefined> {
  const row = await database
    .selectFrom('notifications')
    .select(({ fn }) => fn.min('next_attempt_at').as('at'))
    .where('status', '=', 'pending')
    .where('notifier', '=', notifier)
    .executeTakeFirst();
  return row?.at ?? undefined;
}

/**
 * Takes a message for one attempt, counted before it is made. False when another process took it. When this
 * process dies in the attempt, the message is due again after the lease.
 */
export async function claimNotification(
  database: StateDatabase,
  message: Notification,
  leaseUntil: number,
): Promise<boolean> {
  const result = await database
    .updateTable('notifications')
    .set({ attempts: message.attempts + 1, next_attempt_at: leaseUntil })
    .where('id', '=', message.id)
    .where('status', '=', 'pending')
    .where('attempts', '=', message.attempts)
    .where('next_attempt_at', '=', message.nextAttemptAt)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export interface NotificationOutcome {
  readonly status: NotificationStatus;
  readonly sentAt: number | null;
  readonly lastError: string | null;
  readonly nextAttemptAt: number;
}

/** Records how an attempt ended; false when the claim had been lost to another process in between. */
export async function recordOutcome(
  database: StateDatabase,
  claim: { readonly id: string; readonly attempts: number },
  outcome: NotificationOutcome,
): Promise<boolean> {
  const result = await database
    .updateTable('notifications')
    .set({
      status: outcome.status,
      sent_at: outcome.sentAt,
      last_error: outcome.lastError,
      next_attempt_at: outcome.nextAttemptAt,
    })
    .where('id', '=', claim.id)
    .where('status', '=', 'pending')
    .where('attempts', '=', claim.attempts)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Messages to notifiers that are no longer configured fail for good; how many. */
export async function failOrphans(
  database: StateDatabase,
  configured: readonly string[],
  reason: string,
): Promise<number> {
  let query = database
    .updateTable('notifications')
    .set({ status: 'failed', last_error: reason })
    .where('status', '=', 'pending');
  if (configured.length > 0) query = query.where('notifier', 'not in', configured);
  const result = await query.executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export interface NotificationFilter {
  readonly notifier?: string | undefined;
  readonly status?: NotificationStatus | undefined;
  readonly before?: Position | undefined;
  readonly limit: number;
}

/** Newest first, without bodies. */
export async function listNotifications(
  database: StateDatabase,
  page: NotificationFilter,
): Promise<Omit<Notification, 'payload'>[]> {
  let query = database.selectFrom('notifications').select(withoutPayload);
  const { before, notifier, status } = page;
  if (notifier !== undefined) query = query.where('notifier', '=', notifier);
  if (status !== undefined) query = query.where('status', '=', status);
  if (before) {
    query = query.where((test) =>
      test.or([
        test('created_at', '<', before.at),
        test.and([test('created_at', '=', before.at), test('id', '<', before.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute();
  return rows.map(toRecord);
}

/** How many messages of each notifier were settled since a time, and how many wait, by `<notifier> <status>`. */
export async function countNotifications(
  database: StateDatabase,
  since: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await database
    .selectFrom('notifications')
    .select(({ fn }) => ['notifier', 'status', fn.countAll<number | string>().as('count')])
    .where((test) => test.or([test('status', '=', 'pending'), test('created_at', '>=', since)]))
    .groupBy(['notifier', 'status'])
    .execute();
  return new Map(rows.map(({ notifier, status, count }) => [`${notifier} ${status}`, Number(count)]));
}

/** Forgets what was settled and written before `before`. */
export async function forgetNotifications(database: StateDatabase, before: number): Promise<void> {
  await database
    .deleteFrom('notifications')
    .where('status', '!=', 'pending')
    .where('created_at', '<', before)
    .execute();
}

const withoutPayload = [
  'id',
  'incident_id',
  'sequence',
  'notifier',
  'kind',
  'event',
  'status',
  'attempts',
  'created_at',
  'next_attempt_at',
  'sent_at',
  'last_error',
] as const satisfies readonly (keyof NotificationsTable)[];

function fromNotification(message: Notification): Insertable<NotificationsTable> {
  return {
    id: message.id,
    incident_id: message.incidentId,
    sequence: message.sequence,
    notifier: message.notifier,
    kind: message.kind,
    event: message.event,
    payload: message.payload,
    status: message.status,
    attempts: message.attempts,
    created_at: message.createdAt,
    next_attempt_at: message.nextAttemptAt,
    sent_at: message.sentAt,
    last_error: message.lastError,
  };
}

function toNotification(row: Selectable<NotificationsTable>): Notification {
  return { ...toRecord(row), payload: row.payload };
}

function toRecord(row: Omit<Selectable<NotificationsTable>, 'payload'>): Omit<Notification, 'payload'> {
  return {
    id: row.id,
    incidentId: row.incident_id,
    sequence: row.sequence,
    notifier: row.notifier,
    kind: row.kind,
    // Both were written by fromNotification.
    event: row.event as NotificationEvent,
    status: row.status as NotificationStatus,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at,
    sentAt: row.sent_at,
    lastError: row.last_error,
  };
}
