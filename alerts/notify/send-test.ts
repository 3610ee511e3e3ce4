import type { Clock } from '../../src/lib/clock.js';
import { BadInput } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import type { Incident, Notification } from '../../src/model/incidents.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { enqueueNotifications, notificationById } from '../../src/store/state/notifications.js';
import type { Dispatcher } from './dispatcher.js';
import type { Notifier } from './notifier.js';

export interface SendTestDeps {
  readonly state: StateDatabase;
  readonly notifiers: readonly Notifier[];
  readonly clock: Clock;
  readonly newId: NewId;
  readonly dispatcher: Pick<Dispatcher, 'wake'>;
  /** Where the message's links go: Lemni itself. */
  readonly publicUrl: string;
}

/** A little longer than a receiver may take. */
const waitMs = 20_000;
const lookEveryMs = 100;

/** Sends a test through the outbox, like everything else, and waits until it arrived or failed. */
export async function sendTest(name: string, deps: SendTestDeps): Promise<Omit<Notification, 'payload'>> {
  const { state, clock } = deps;
  const notifier = deps.notifiers.find((each) => each.name === name);
  if (notifier === undefined) {
    throw new BadInput('not_found', `There is no notifier "${name}" in the configuration.`);
  }
  const message = testMessage(notifier, deps);
  await enqueueNotifications(state, [message]);
  deps.dispatcher.wake();
  const deadline = clock.now() + waitMs;
  for (;;) {
    const record = await notificationById(state, message.id);
    if (record === undefined) throw new BadInput('not_found', 'The test message is no longer there.');
    if (record.status !== 'pending' || clock.now() >= deadline) return record;
    await clock.sleep(lookEveryMs);
  }
}

function testMessage(notifier: Notifier, { clock, newId, publicUrl }: SendTestDeps): Notification {
  const now = clock.now();
  const incident: Incident = {
    id: newId(now),
    number: 0,
    title: 'A test message from Lemni',
    state: 'open',
    severity: 'info',
    services: [],
    environment: '',
    openedAt: now,
    acknowledgedAt: null,
    resolvedAt: null,
    assignee: null,
    summary: 'Nothing is wrong: somebody tried whether this arrives.',
    lastDeploy: null,
  };
  const links = {
    incident: publicUrl,
    release: null,
    logs: `${publicUrl}/logs`,
    traces: `${publicUrl}/traces`,
  };
  const rest = { alerts: [], reopened: false, suspect: null, links } as const;
  const content = { event: 'test', sequence: 1, at: now, incident, ...rest } as const;
  return {
    id: newId(now),
    incidentId: null,
    sequence: 1,
    notifier: notifier.name,
    kind: notifier.kind,
    event: 'test',
    payload: notifier.compose(content),
    status: 'pending',
    attempts: 0,
    createdAt: now,
    nextAttemptAt: now,
    sentAt: null,
    lastError: null,
  };
}
