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
  groupId: z.string().nullable().optional(),
  answers: z.array(FeedbackAnswer).optional(),
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
/** `POST /api/feedback/:id/answers`. */
export const FeedbackAnswerInput = z.strictObject({ text: z.string().min(1).max(4000) });
export const FeedbackPatch = z.strictObject({ state: z.enum(feedbackStates) });
