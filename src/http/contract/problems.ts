import { z } from 'zod';
import { Environment, Page, Series, Time, TimeRange } from './common.js';

/** `dismissed`: not worth planning; every other word is a step towards `verified`. */
export const problemStates = ['open', 'planned', 'fixed', 'verified', 'regressed', 'dismissed'] as const;

/** Decimal, of a UInt64. */
const Fingerprint = z
  .string()
  .refine((text) => /^\d{1,20}$/.test(text) && BigInt(text) <= 0xffff_ffff_ffff_ffffn, {
    message: 'is no fingerprint: a whole number below 2^64',
  });

/** One thing that shows the problem. Fingerprints are decimal (UInt64). */
export const SignaturePart = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('alert'),
    rule: z.string().max(200),
    service: z.string().max(200),
    environment: z.string().max(200),
    operation: z.string().max(500),
    /** How often it is seen: requests that failed while it fired (the default), or the alert itself. */
    measure: z.enum(['failed_requests', 'alert']).optional(),
  }),
  z.object({
    kind: z.literal('error_group'),
    service: z.string().max(200),
    fingerprint: Fingerprint,
    title: z.string().max(500),
  }),
  z.object({
    kind: z.literal('pattern'),
    service: z.string().max(200),
    fingerprint: Fingerprint,
    title: z.string().max(500),
  }),
  z.object({ kind: z.literal('feedback'), feedbackId: z.string().max(64), title: z.string().max(500) }),
  z.object({
    kind: z.literal('feedback_group'),
    groupId: z.string().max(64),
    title: z.string().max(500),
  }),
]);
export type SignaturePart = z.infer<typeof SignaturePart>;

/** What it costs users, over the last 30 days or since it began, whichever is shorter. */
export const Impact = z.object({
  from: Time.nullable(),
  to: Time,
  /** Distinct users, else sessions, else the feedback's senders; null when nothing tells people apart. */
  people: z.number().int().nullable(),
  requestsFailed: z.number().int(),
  /** Minutes in which its signature was seen. */
  minutes: z.number().int(),
  feedback: z.number().int(),
  /** What the list is ranked by. */
  score: z.number(),
  /** How the score comes about, for a person: `312 people x ... = ...`. */
  arithmetic: z.string(),
});
export type Impact = z.infer<typeof Impact>;

export const Ticket = z.object({
  tracker: z.string(),
  /** `#12`; empty while it is being created. */
  key: z.string(),
  url: z.string(),
  state: z.enum(['creating', 'open', 'closed', 'failed']),
  syncedAt: Time.nullable(),
  /** Why it could not be created or kept in step; it is tried again. */
  error: z.string().nullable(),
});
export type Ticket = z.infer<typeof Ticket>;

export const Verification = z.object({
  state: z.enum(['watching', 'verified', 'regressed', 'inconclusive']),
  releaseId: z.string(),
  service: z.string(),
  version: z.string(),
  startedAt: Time,
  watchUntil: Time,
  decidedAt: Time.nullable(),
  /** One sentence with numbers. */
  sentence: z.string(),
  /** The numbers behind it, each a sentence. */
  evidence: z.array(z.string()),
});
export type Verification = z.infer<typeof Verification>;

export const ProblemItem = z.object({
  id: z.string(),
  /** Counted from 1 for people: `P-3`; a deploy's `fixes` may name it so, by id, or by its ticket's key or URL. */
  number: z.number().int(),
  title: z.string(),
  state: z.enum(problemStates),
  services: z.array(z.string()),
  environment: z.string(),
  createdAt: Time,
  createdBy: z.string(),
  signature: z.array(SignaturePart),
  impact: Impact,
  ticket: Ticket.nullable(),
  /** The last one; earlier ones are in the timeline. */
  verification: Verification.nullable(),
});
export type ProblemItem = z.infer<typeof ProblemItem>;

export const problemEventKinds = [
  'opened',
  'evidence_added',
  'planned',
  'ticket',
  'fixed',
  'verified',
  'regressed',
  'inconclusive',
  'comment',
  'state',
] as const;
export const ProblemEvent = z.object({
  id: z.string(),
  at: Time,
  kind: z.enum(problemEventKinds),
  text: z.string(),
  actor: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type ProblemEvent = z.infer<typeof ProblemEvent>;

/** `GET /api/problems/:id`. */
export const ProblemDetail = ProblemItem.extend({
  timeline: z.array(ProblemEvent),
  /** How often the signature was seen, on a grid from `trend.from`. */
  trend: z.object({ from: Time, stepMs: z.number().int(), series: z.array(Series) }),
  incidents: z.array(
    z.object({
      id: z.string(),
      number: z.number().int(),
      title: z.string(),
      openedAt: Time,
      state: z.string(),
    }),
  ),
});
export type ProblemDetail = z.infer<typeof ProblemDetail>;

/** `POST /api/problems`: from one of these. A second one from the same source answers the first. */
export const ProblemInput = z.strictObject({
  title: z.string().min(1).max(300).optional(),
  from: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('incident'), incidentId: z.string().max(64) }),
    z.strictObject({
      kind: z.literal('error_group'),
      service: z.string().max(200),
      fingerprint: Fingerprint,
    }),
    z.strictObject({
      kind: z.literal('pattern'),
      service: z.string().max(200),
      fingerprint: Fingerprint,
    }),
    z.strictObject({ kind: z.literal('feedback'), feedbackIds: z.array(z.string().max(64)).min(1).max(200) }),
    z.strictObject({ kind: z.literal('feedback_group'), groupId: z.string().max(64) }),
  ]),
});
export type ProblemInput = z.infer<typeof ProblemInput>;

/** `PATCH /api/problems/:id`. */
export const ProblemPatch = z.strictObject({
  title: z.string().min(1).max(300).optional(),
  state: z.enum(problemStates).optional(),
});
export type ProblemPatch = z.infer<typeof ProblemPatch>;
/** `POST /api/problems/:id/ticket`: creates the ticket, or links one by its URL. Answers the problem. */
export const TicketInput = z.strictObject({ url: z.url().max(2000).optional() });
export const ProblemComment = z.strictObject({ text: z.string().min(1).max(4000) });

/** `GET /api/problems`, the costliest first. */
export const ProblemsQuery = Page.extend({
  /** `active` (the default): open, planned, fixed and regressed. */
  state: z.enum([...problemStates, 'active', 'all']).optional(),
  service: z.string().optional(),
});

/** `GET /api/problems/trends?ids=ID,ID`: at most 50 of them. */
export const ProblemTrendsQuery = z.object({ ids: z.string().max(4000) });
/** How often a problem was seen in the last week, by its most frequent part: `points[i]` from `from + i * stepMs`. */
export const ProblemTrend = z.object({
  id: z.string(),
  from: Time,
  stepMs: z.number().int(),
  points: z.array(z.number()),
});
export type ProblemTrend = z.infer<typeof ProblemTrend>;

/** `GET /api/errors`: the last day without `from` and `to`. */
export const ErrorsQuery = TimeRange.extend(Environment.shape).extend({
  limit: z.coerce.number().int().min(1).max(500).optional(),
  service: z.string().max(200).optional(),
  fingerprint: Fingerprint.optional(),
});

/** Error groups of a time, most frequent first. */
export const ErrorGroup = z.object({
  fingerprint: z.string(),
  service: z.string(),
  environment: z.string(),
  type: z.string(),
  message: z.string(),
  count: z.number().int(),
  people: z.number().int(),
  firstAt: Time,
  lastAt: Time,
  versions: z.array(z.string()),
  traceId: z.string(),
});
export type ErrorGroup = z.infer<typeof ErrorGroup>;
