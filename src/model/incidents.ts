import type { Severity } from './alerts.js';

export type IncidentState = 'open' | 'acknowledged' | 'resolved';

/** The last deploy of a service before something happened to it. */
export interface DeployRef {
  readonly service: string;
  readonly version: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly releaseId: string | null;
  readonly actor: string;
  /** The change that told of it; undefined when telemetry did. */
  readonly changeId?: string;
}

/** Alerts that belong together. Times are Unix milliseconds. */
export interface Incident {
  readonly id: string;
  /** Counted from 1, for people. */
  readonly number: number;
  readonly title: string;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly services: readonly string[];
  readonly environment: string;
  readonly openedAt: number;
  readonly acknowledgedAt: number | null;
  readonly resolvedAt: number | null;
  readonly assignee: string | null;
  /** One sentence with numbers. */
  readonly summary: string;
  readonly lastDeploy: DeployRef | null;
}

export type TimelineKind =
  | 'opened'
  | 'alert_fired'
  | 'alert_resolved'
  | 'deploy'
  | 'notification'
  | 'acknowledged'
  | 'assigned'
  | 'comment'
  | 'feedback'
  | 'resolved'
  | 'reopened';

export interface TimelineEntry {
  readonly id: string;
  readonly incidentId: string;
  readonly at: number;
  readonly kind: TimelineKind;
  /** For a person. */
  readonly text: string;
  /** Who did it; null: Lemni itself. */
  readonly actor: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NotificationEvent = 'firing' | 'resolved' | 'test';
export type NotificationStatus = 'pending' | 'sent' | 'failed';

/** A message in the outbox: its body is fixed when it is written, so that every attempt says the same. */
export interface Notification {
  readonly id: string;
  readonly incidentId: string | null;
  /** 1, 2, 3 ... of one incident at one notifier: they are sent in this order. */
  readonly sequence: number;
  readonly notifier: string;
  readonly kind: string;
  readonly event: NotificationEvent;
  readonly payload: string;
  readonly status: NotificationStatus;
  /** Counted before the attempt is made, so that a crash in the middle of it is known. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  readonly sentAt: number | null;
  readonly lastError: string | null;
}
