import { z } from 'zod';
import { Attributes, Environment, Page, Time, TimeRange } from './common.js';
import { Verdict, VerdictBrief } from './verdicts.js';

export const changeTypes = [
  'service.deployed',
  'service.upgraded',
  'service.rolledback',
  'service.removed',
  'pipelinerun.started',
  'pipelinerun.finished',
  'testsuiterun.finished',
  'artifact.published',
  'change.merged',
  'environment.modified',
] as const;
export const changeStatuses = ['started', 'succeeded', 'failed', 'canceled'] as const;

/** The dashboard makes a link of it: nothing but the web. */
const Link = z
  .url({ protocol: /^https?$/, error: 'expected a link that begins with http:// or https://' })
  .max(2000);

export const Commit = z.object({
  sha: z.string().min(1).max(64),
  message: z.string().max(4000).optional(),
  author: z.string().max(200).optional(),
  url: z.string().max(2000).optional(),
  at: Time.optional(),
});
export type Commit = z.infer<typeof Commit>;

/**
 * `POST /api/deploys`. Idempotent: the same `id`, or the same service, version, environment, commit and start.
 * Without an id and a start, the same words are a repetition unless another version was deployed there in
 * between and ten minutes have passed: then the version was deployed again. A `started` deploy that is told
 * again as succeeded, failed or canceled goes on.
 */
export const DeployInput = z.strictObject({
  id: z.string().min(1).max(200).optional(),
  service: z.string().min(1).max(200),
  version: z.string().min(1).max(200),
  environment: z.string().max(200).optional(),
  status: z.enum(changeStatuses).optional(),
  /** deployed (the default), upgraded or rolledback. */
  kind: z.enum(['deployed', 'upgraded', 'rolledback']).optional(),
  commit: z.string().max(64).optional(),
  url: Link.optional(),
  actor: z.string().max(200).optional(),
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  commits: z.array(Commit).max(500).optional(),
  /** Problems that this release means to fix. */
  fixes: z.array(z.string().max(200)).max(100).optional(),
  attributes: Attributes.optional(),
});
export type DeployInput = z.infer<typeof DeployInput>;

/** `POST /api/changes`: whatever else was done. Deploys belong to `POST /api/deploys`. */
export const ChangeInput = z.strictObject({
  id: z.string().min(1).max(200).optional(),
  type: z.enum(changeTypes),
  service: z.string().max(200).optional(),
  environment: z.string().max(200).optional(),
  version: z.string().max(200).optional(),
  status: z.enum(changeStatuses).optional(),
  commit: z.string().max(64).optional(),
  url: Link.optional(),
  actor: z.string().max(200).optional(),
  /** When it took effect; else finishedAt, startedAt, or the time of arrival. */
  at: Time.optional(),
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  commits: z.array(Commit).max(500).optional(),
  attributes: Attributes.optional(),
});
export type ChangeInput = z.infer<typeof ChangeInput>;
/** `releaseId` is empty when the change makes no release. */
export const ChangeAccepted = z.object({ id: z.string(), releaseId: z.string(), duplicate: z.boolean() });
export type ChangeAccepted = z.infer<typeof ChangeAccepted>;

export const Change = z.object({
  id: z.string(),
  at: Time,
  type: z.string(),
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  status: z.string(),
  commit: z.string(),
  url: z.string(),
  actor: z.string(),
  source: z.string(),
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
  commits: z.array(Commit),
  attributes: Attributes,
  receivedAt: Time,
});
export type Change = z.infer<typeof Change>;

export const DeployAccepted = z.object({ id: z.string(), releaseId: z.string(), duplicate: z.boolean() });
export type DeployAccepted = z.infer<typeof DeployAccepted>;

/** `GET /api/changes` and `GET /api/deploys`, newest first; without `from` and `to` all that is kept. */
export const ChangesQuery = TimeRange.extend(Page.shape).extend(Environment.shape).extend({
  service: z.string().optional(),
  type: z.string().optional(),
});

/** A version of a service in an environment: told by a change, or first seen in telemetry. */
export const Release = z.object({
  id: z.string(),
  service: z.string(),
  version: z.string(),
  environment: z.string(),
  /** change: a deploy said so; telemetry: a signal carried the version. */
  source: z.enum(['change', 'telemetry']),
  firstSeenAt: Time,
  deployedAt: Time.nullable(),
  commit: z.string(),
  url: z.string(),
  actor: z.string(),
  status: z.string(),
  commits: z.array(Commit),
  /** The version that ran before it here. */
  previousVersion: z.string().nullable(),
  current: z.boolean(),
  deploys: z.number().int(),
  /** How many commits it has: a list answers at most 20 of them with each release, the newest. */
  commitCount: z.number().int().optional(),
  /** Problems that it means to fix. */
  fixes: z.array(z.string()).optional(),
  /** First and last minute in which telemetry carried the version. */
  telemetryFirstAt: Time.nullable().optional(),
  telemetryLastAt: Time.nullable().optional(),
  verdict: VerdictBrief.optional(),
});
export type Release = z.infer<typeof Release>;
/** `GET /api/releases/:id`: with its deploys, newest first, at most 50. */
export const ReleaseDetail = Release.extend({
  deployHistory: z.array(Change),
  /** The whole judgement; null while there is none. */
  judgement: Verdict.nullable().optional(),
  /** Incidents that it is suspected of, the most probable first. */
  suspectedOf: z
    .array(
      z.object({
        incidentId: z.string(),
        number: z.number().int(),
        title: z.string(),
        state: z.string(),
        openedAt: Time,
        probability: z.number(),
      }),
    )
    .optional(),
});
export type ReleaseDetail = z.infer<typeof ReleaseDetail>;
/** By last deploy, else by first sight, newest first; without `from` and `to` all that is kept. */
export const ReleasesQuery = TimeRange.extend(Page.shape).extend(Environment.shape).extend({
  service: z.string().optional(),
});
