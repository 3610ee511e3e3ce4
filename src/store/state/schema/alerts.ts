/** Times are Unix milliseconds; JSON is text; booleans are 0 and 1. */
export interface AlertTables {
  readonly alert_states: AlertStatesTable;
  readonly alert_engine: AlertEngineTable;
  readonly incidents: IncidentsTable;
  readonly incident_services: IncidentServicesTable;
  readonly incident_timeline: IncidentTimelineTable;
  readonly notifications: NotificationsTable;
}

/** One row an episode of an alert (src/model/alerts.ts). */
export interface AlertStatesTable {
  readonly id: string;
  readonly rule_id: string;
  readonly rule: string;
  readonly group_name: string;
  readonly fingerprint: string;
  /** 1 while pending or firing, then null: at most one live episode for a rule and its labels (unique). */
  live: number | null;
  state: string;
  labels: string;
  annotations: string;
  value: number | null;
  title: string;
  sentence: string;
  reason: string;
  facts: string;
  active_at: number;
  fired_at: number | null;
  resolved_at: number | null;
  keep_firing_since: number | null;
  incident_id: string | null;
  saved_at: number;
}

/** One row: when rules were last evaluated, so that a start knows how long nobody looked. */
export interface AlertEngineTable {
  readonly id: string;
  evaluated_at: number;
}

export interface IncidentsTable {
  readonly id: string;
  /** Unique. */
  readonly number: number;
  title: string;
  state: string;
  severity: string;
  services: string;
  readonly environment: string;
  readonly opened_at: number;
  acknowledged_at: number | null;
  resolved_at: number | null;
  assignee: string | null;
  summary: string;
  last_deploy: string | null;
}

/** The places (service and environment) that an incident is about: one now, more when services are grouped. */
export interface IncidentServicesTable {
  readonly incident_id: string;
  readonly service: string;
  readonly environment: string;
  /** service and environment as JSON while the incident is not resolved, then null: one open incident a place (unique). */
  open_place: string | null;
}

export interface IncidentTimelineTable {
  readonly id: string;
  readonly incident_id: string;
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly actor: string | null;
  readonly data: string;
}

/** The outbox. */
export interface NotificationsTable {
  readonly id: string;
  readonly incident_id: string | null;
  readonly sequence: number;
  readonly notifier: string;
  readonly kind: string;
  readonly event: string;
  readonly payload: string;
  status: string;
  attempts: number;
  readonly created_at: number;
  next_attempt_at: number;
  sent_at: number | null;
  last_error: string | null;
}
