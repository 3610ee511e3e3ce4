import { groupBy } from '../../src/lib/group-by.js';
import type { NewId } from '../../src/lib/ids.js';
import type { Notification } from '../../src/model/incidents.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import {
  enqueueNotifications,
  notificationsOfIncidents,
  withdrawNotification,
} from '../../src/store/state/notifications.js';
import type { Suspect } from '../../src/http/contract/suspects.js';
import { suspectsOf } from '../../src/store/state/suspects.js';
import type { Notice } from '../incidents/decide.js';
import { linksOf } from './links.js';
import type { Notifier } from './notifier.js';

export interface OutboxDeps {
  readonly notifiers: readonly Notifier[];
  readonly newId: NewId;
  /** How people reach Lemni, without a slash at its end. */
  readonly publicUrl: string;
}

type Written = Omit<Notification, 'payload'>;

/** When it is told, and who may have caused it, by incident id. */
export interface Moment {
  readonly now: number;
  readonly suspects?: ReadonlyMap<string, readonly Suspect[]>;
}

/**
 * Writes what has to be told, in the transaction that decided it. Who was told, or may have been told, that an
 * incident fires is told when it is resolved; who was not is told neither.
 */
export async function writeNotices(
  transaction: StateDatabase,
  notices: readonly Notice[],
  moment: Moment,
  deps: OutboxDeps,
): Promise<void> {
  if (deps.notifiers.length === 0 || notices.length === 0) return;
  const ids = notices.map(({ incident }) => incident.id);
  const written = groupBy(
    await notificationsOfIncidents(transaction, ids),
    ({ incidentId, notifier }) => `${incidentId ?? ''} ${notifier}`,
  );
  const suspects = await suspectsFor(transaction, notices, moment);
  const messages: Notification[] = [];
  for (const notice of notices) {
    for (const notifier of deps.notifiers) {
      const before = written.get(`${notice.incident.id} ${notifier.name}`) ?? [];
      if (notice.event === 'resolved' && !(await mustTellEnd(transaction, notifier, before))) continue;
      messages.push(
        compose(notice, notifier, (before.at(-1)?.sequence ?? 0) + 1, { ...moment, suspects }, deps),
      );
    }
  }
  await enqueueNotifications(transaction, messages);
}

/** Incidents of one evaluation whose stored suspects are read. */
const maxRead = 20;

/** Those who were judged for this message; for what goes on or ends, those who were judged before. */
async function suspectsFor(
  transaction: StateDatabase,
  notices: readonly Notice[],
  { suspects }: Moment,
): Promise<ReadonlyMap<string, readonly Suspect[]>> {
  const all = new Map(suspects);
  for (const { incident } of notices.slice(0, maxRead)) {
    if (all.has(incident.id)) continue;
    const stored = await suspectsOf(transaction, incident.id);
    if (stored) all.set(incident.id, stored.suspects);
  }
  return all;
}

async function mustTellEnd(
  transaction: StateDatabase,
  notifier: Notifier,
  before: readonly Written[],
): Promise<boolean> {
  let last: Written | undefined;
  for (const message of before) {
    const unattempted = message.status === 'pending' && message.attempts === 0;
    if (unattempted && (await withdrawNotification(transaction, message.id))) continue;
    last = message;
  }
  // What was opened again and not told yet ended with the message that it ended.
  return last?.event === 'firing' && notifier.sendResolved;
}

function compose(
  { incident, event, reopened = false, alerts }: Notice,
  notifier: Notifier,
  sequence: number,
  { now, suspects }: Moment,
  { newId, publicUrl }: OutboxDeps,
): Notification {
  const suspect = suspects?.get(incident.id)?.[0] ?? null;
  const links = linksOf(incident, { publicUrl, alerts, suspect, now });
  const content = { event, reopened, sequence, at: now, incident, alerts, suspect, links };
  return {
    id: newId(now),
    incidentId: incident.id,
    sequence,
    notifier: notifier.name,
    kind: notifier.kind,
    event,
    payload: notifier.compose(content),
    status: 'pending',
    attempts: 0,
    createdAt: now,
    nextAttemptAt: now,
    sentAt: null,
    lastError: null,
  };
}
