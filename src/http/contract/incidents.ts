import { z } from 'zod';
import { Attributes, Page, Time, TimeRange } from './common.js';
import { SuspectBrief } from './suspects.js';

export const alertStates = ['inactive', 'pending', 'firing', 'resolved'] as const;
export const Alert = z.object({
  /** 16 hex digits: the fingerprint of the labels, as in Alertmanager. */
  fingerprint: z.string(),
  rule: z.string(),
  state: z.enum(alertStates),
  labels: Attributes,
  annotations: Attributes,
  value: z.number().nullable(),
  activeAt: Time.nullable(),
  firedAt: Time.nullable(),
  resolvedAt: Time.nullable(),
  incidentId: z.string().nullable(),
  /** Why it is in this state, in words and numbers. */
  reason: z.string(),
});
export type Alert = z.infer<typeof Alert>;

export const Rule = z.object({
  name: z.string(),
  group: z.string(),
  file: z.string(),
  /** Where in the file it begins, from 1. */
  line: z.number().int().optional(),
  kind: z.string(),
  /** The rule as it was written, for a person. */
  expression: z.string(),
  forMs: z.number(),
  /** What the value is held against, for a line on the chart; null when the kind has none. */
  threshold: z
    .object({ value: z.number(), unit: z.enum(['1', 'ms', 'count']) })
    .nullable()
    .optional(),
  labels: Attributes,
  annotations: Attributes,
  state: z.enum(alertStates),
  alerts: z.number().int(),
  lastEvaluationAt: Time.nullable(),
  lastEvaluationMs: z.number().nullable(),
  lastError: z.string().nullable(),
});
export type Rule = z.infer<typeof Rule>;
export const Rules = z.object({
  items: z.array(Rule),
  fileErrors: z.array(z.object({ file: z.string(), line: z.number().int().nullable(), message: z.string() })),
});
export type Rules = z.infer<typeof Rules>;

export const incidentStates = ['open', 'acknowledged', 'resolved'] as const;
export const timelineKinds = [
  'opened',
  'alert_fired',
  'alert_resolved',
  'deploy',
  'notification',
  'acknowledged',
  'assigned',
  'comment',
  'feedback',
  'resolved',
  'reopened',
] as const;
export const TimelineEntry = z.object({
  id: z.string(),
  at: Time,
  kind: z.enum(timelineKinds),
  /** For a person. */
  text: z.string(),
  actor: z.string().nullable(),
  /** Whatever the kind needs, e.g. `{version, changeId}` for a deploy. */
  data: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const Incident = z.object({
  id: z.string(),
  /** Counted from 1 for people: `#12`. */
  number: z.number().int(),
  title: z.string(),
  state: z.enum(incidentStates),
  severity: z.enum(['critical', 'warning', 'info']),
  services: z.array(z.string()),
  environment: z.string(),
  openedAt: Time,
  acknowledgedAt: Time.nullable(),
  resolvedAt: Time.nullable(),
  assignee: z.string().nullable(),
  /** One sentence with numbers. */
  summary: z.string(),
  lastDeploy: z
    .object({
      service: z.string(),
      version: z.string(),
      at: Time,
      releaseId: z.string().nullable(),
      actor: z.string(),
    })
    .nullable(),
  alerts: z.array(Alert),
  /** The most probable one; null before the first judgement. */
  suspect: SuspectBrief.nullable().optional(),
});
export type Incident = z.infer<typeof Incident>;
export const Notification = z.object({
  id: z.string(),
  incidentId: z.string().nullable(),
  notifier: z.string(),
  kind: z.string(),
  event: z.enum(['firing', 'resolved', 'test']),
  status: z.enum(['pending', 'sent', 'failed']),
  attempts: z.number().int(),
  createdAt: Time,
  sentAt: Time.nullable(),
  lastError: z.string().nullable(),
  /** When it is tried again; null when it is settled. */
  nextAttemptAt: Time.nullable().optional(),
  /** `#12`, in lists over several incidents; null for a test. */
  incidentNumber: z.number().int().nullable().optional(),
});
export type Notification = z.infer<typeof Notification>;
/** Where incidents are told. */
export const Notifier = z.object({
  name: z.string(),
  /** `slack`, `webhook`. */
  kind: z.string(),
  /** Without what is secret in the address. */
  target: z.string(),
  sendResolved: z.boolean(),
  /** The last message, and what became of it; null: none yet. */
  last: Notification.nullable(),
  /** Messages of the last day, by what became of them; all that wait. */
  sent: z.number().int(),
  failed: z.number().int(),
  pending: z.number().int(),
});
export type Notifier = z.infer<typeof Notifier>;
export const NotificationsQuery = Page.extend({
  notifier: z.string().max(200).optional(),
  status: z.enum(['pending', 'sent', 'failed']).optional(),
});

export const IncidentDetail = Incident.extend({
  timeline: z.array(TimelineEntry),
  notifications: z.array(Notification),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;
export const IncidentsQuery = TimeRange.extend(Page.shape).extend({
  state: z.enum([...incidentStates, 'active']).optional(),
  service: z.string().optional(),
});
export const IncidentComment = z.strictObject({ text: z.string().min(1).max(4000) });
export const IncidentAssign = z.strictObject({ assignee: z.string().max(320).nullable() });
