import type { SuspectBrief } from '../../src/http/contract/suspects.js';
import type { Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident, Notification, TimelineEntry } from '../../src/model/incidents.js';

/** An alert as the REST API says it: times are RFC 3339. */
export interface AlertView {
  fingerprint: string;
  rule: string;
  state: Alert['state'];
  labels: Record<string, string>;
  annotations: Record<string, string>;
  value: number | null;
  activeAt: string | null;
  firedAt: string | null;
  resolvedAt: string | null;
  incidentId: string | null;
  reason: string;
}

/** An incident as the REST API and the live events say it. */
export interface IncidentView {
  id: string;
  number: number;
  title: string;
  state: Incident['state'];
  severity: Incident['severity'];
  services: string[];
  environment: string;
  openedAt: string;
  acknowledgedAt: string | null;
  resolvedAt: string | null;
  assignee: string | null;
  summary: string;
  lastDeploy: {
    service: string;
    version: string;
    at: string;
    releaseId: string | null;
    actor: string;
  } | null;
  alerts: AlertView[];
  /** The most probable one; null before the first judgement. */
  suspect: SuspectBrief | null;
}

export interface TimelineView {
  id: string;
  at: string;
  kind: TimelineEntry['kind'];
  text: string;
  actor: string | null;
  data: Record<string, unknown>;
}

export interface NotificationView {
  id: string;
  incidentId: string | null;
  notifier: string;
  kind: string;
  event: Notification['event'];
  status: Notification['status'];
  attempts: number;
  createdAt: string;
  sentAt: string | null;
  lastError: string | null;
  nextAttemptAt: string | null;
}

export function time(at: number): string {
  return new Date(at).toISOString();
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at);
}

export function alertView(alert: Alert): AlertView {
  return {
    fingerprint: alert.fingerprint,
    rule: alert.rule,
    state: alert.state,
    labels: { ...alert.labels },
    annotations: { ...alert.annotations },
    value: alert.value,
    activeAt: time(alert.activeAt),
    firedAt: timeOrNull(alert.firedAt),
    resolvedAt: timeOrNull(alert.resolvedAt),
    incidentId: alert.incidentId,
    reason: alert.reason,
  };
}

export function incidentView(
  incident: Incident,
  alerts: readonly Alert[],
  suspect: SuspectBrief | null,
): IncidentView {
  const { lastDeploy } = incident;
  return {
    id: incident.id,
    number: incident.number,
    title: incident.title,
    state: incident.state,
    severity: incident.severity,
    services: [...incident.services],
    environment: incident.environment,
    openedAt: time(incident.openedAt),
    acknowledgedAt: timeOrNull(incident.acknowledgedAt),
    resolvedAt: timeOrNull(incident.resolvedAt),
    assignee: incident.assignee,
    summary: incident.summary,
    lastDeploy: lastDeploy === null ? null : deployView(lastDeploy),
    alerts: alerts.map(alertView),
    suspect,
  };
}

function deployView({ service, version, at, releaseId, actor }: DeployRef): IncidentView['lastDeploy'] {
  return { service, version, at: time(at), releaseId, actor };
}

export function timelineView(entry: TimelineEntry): TimelineView {
  const { id, kind, text, actor, data } = entry;
  return { id, at: time(entry.at), kind, text, actor, data: { ...data } };
}

export function notificationView(message: Omit<Notification, 'payload'>): NotificationView {
  const { id, incidentId, notifier, kind, event, status, attempts, lastError } = message;
  return {
    id,
    incidentId,
    notifier,
    kind,
    event,
    status,
    attempts,
    lastError,
    createdAt: time(message.createdAt),
    sentAt: timeOrNull(message.sentAt),
    nextAttemptAt: status === 'pending' ? time(message.nextAttemptAt) : null,
  };
}
