import { z } from 'zod';
import { Attributes, Environment, Page, Time, TimeRange } from './common.js';

/** `POST /api/feedback`, with a public key and from an allowed origin. */
export const FeedbackInput = z.strictObject({
  /** Chosen by the sender: a repeated post with the same id changes nothing. */
  id: z
    .string()
    .min(8)
    .max(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'an id has letters, digits, dots, colons, - and _ only')
    .optional(),
  service: z.string().max(200).optional(),
  environment: z.string().max(200).optional(),
  version: z.string().max(200).optional(),
  rating: z.number().int().min(1).max(5).optional(),
  message: z.string().max(10_000).optional(),
  email: z.email().max(320).optional(),
  page: z.string().max(2000).optional(),
  sessionId: z.string().max(200).optional(),
  traceId: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, 'a trace id has 32 hexadecimal digits')
    .optional(),
  userId: z.string().max(200).optional(),
  /** `data:image/png;base64,...`, JPEG or WebP; at most feedback.maxScreenshotBytes. */
  screenshot: z.string().optional(),
  attributes: Attributes.optional(),
});
export type FeedbackInput = z.infer<typeof FeedbackInput>;
export const FeedbackAccepted = z.object({ id: z.string() });
export type FeedbackAccepted = z.infer<typeof FeedbackAccepted>;

export const feedbackStates = ['open', 'closed'] as const;
/** What somebody of the team wrote back. */
export const FeedbackAnswer = z.object({ id: z.string(), at: Time, actor: z.string(), text: z.string() });
export type FeedbackAnswer = z.infer<typeof FeedbackAnswer>;
export const Feedback = z.object({
  id: z.string(),
  at: Time,
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  rating: z.number().int().nullable(),
  message: z.string(),
  email: z.string(),
  page: z.string(),
  sessionId: z.string(),
  traceId: z.string(),
  userId: z.string(),
  userAgent: z.string(),
  /** `/api/feedback/{id}/screenshot` when there is one. */
  screenshotUrl: z.string().nullable(),
  attributes: Attributes,
  state: z.enum(feedbackStates),
  /** The group that somebody put it into. */
  groupId: z.string().nullable(),
  answers: z.array(FeedbackAnswer),
});
export type Feedback = z.infer<typeof Feedback>;
/** `GET /api/feedback`, newest first; without `from` and `to` all that is kept. */
export const FeedbackQuery = TimeRange.extend(Page.shape)
  .extend(Environment.shape)
  .extend({
    service: z.string().optional(),
    version: z.string().optional(),
    /** Exact, or a range such as `1-2`. */
    rating: z
      .string()
      .regex(/^[1-5](-[1-5])?$/)
      .optional(),
    /** Part of the page's address. */
    page: z.string().max(2000).optional(),
    state: z.enum(feedbackStates).optional(),
    groupId: z.string().max(64).optional(),
    /** Words that the message has, in any order and case. */
    query: z.string().max(1000).optional(),
  });
/** Feedbacks that say the same thing, put together by a person. */
export const FeedbackGroup = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(feedbackStates),
  createdAt: Time,
  createdBy: z.string(),
  count: z.number().int(),
  lastAt: Time.nullable(),
  averageRating: z.number().nullable(),
  /** The problem that was opened from it. */
  problemId: z.string().nullable(),
});
export type FeedbackGroup = z.infer<typeof FeedbackGroup>;
/** `POST /api/feedback/groups`: a new group, or more for one that is there. */
export const FeedbackGroupInput = z.strictObject({
  groupId: z.string().max(64).optional(),
  title: z.string().min(1).max(300).optional(),
  feedbackIds: z.array(z.string().max(64)).min(1).max(200),
});
/** `GET /api/feedback/groups`, newest first. */
export const FeedbackGroupsQuery = Page.extend({ state: z.enum(feedbackStates).optional() });
/** `PATCH /api/feedback/groups/:id`: its state is given to each feedback in it. */
export const FeedbackGroupPatch = z.strictObject({
  title: z.string().min(1).max(300).optional(),
  state: z.enum(feedbackStates).optional(),
});
/** `POST /api/feedback/:id/answers` and `POST /api/feedback/groups/:id/answers`. */
export const FeedbackAnswerInput = z.strictObject({ text: z.string().trim().min(1).max(4000) });
export const FeedbackPatch = z.strictObject({
  state: z.enum(feedbackStates).optional(),
  /** null takes it out of its group. */
  groupId: z.null().optional(),
});

/** What the widget puts before the 128 random bits of its ids: who knows one may read the answers to it. */
export const reporterId = /^w-[0-9a-f]{32}$/;
/** `GET /api/feedback/answers`, for the page of the person who sent it: `ids` with commas between, ten at most. */
export const ReporterAnswersQuery = z.object({
  ids: z
    .string()
    .max(400)
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().regex(reporterId, 'not an id that the widget made')).min(1).max(10)),
});
/** Without the name of who wrote it: that is the team's own. */
export const ReporterAnswer = z.object({
  feedbackId: z.string(),
  id: z.string(),
  at: Time,
  text: z.string(),
});
export type ReporterAnswer = z.infer<typeof ReporterAnswer>;

/** `GET /api/feedback/:id/errors`: what failed in the person's session, and in the trace, around that time. */
export const FeedbackError = z.object({
  at: Time,
  service: z.string(),
  version: z.string(),
  operation: z.string(),
  type: z.string(),
  message: z.string(),
  /** Of its error group, decimal. */
  fingerprint: z.string(),
  traceId: z.string(),
});
export type FeedbackError = z.infer<typeof FeedbackError>;
