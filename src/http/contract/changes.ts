import { z } from 'zod';
import { Attributes, Environment, Page, Time, TimeRange } from './common.js';

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

export const Commit = z.object({
  sha: z.string().min(1).max(64),
  message: z.string().max(4000).optional(),
  author: z.string().max(200).optional(),
  url: z.string().max(2000).optional(),
  at: Time.optional(),
});
export type Commit = z.infer<typeof Commit>;

/** `POST /api/deploys`. Idempotent: the same `id`, or the same service, version, environment, commit and start. */
export const DeployInput = z.strictObject({
  id: z.string().min(1).max(200).optional(),
  service: z.string().min(1).max(200),
  version: z.string().min(1).max(200),
  environment: z.string().max(200).optional(),
  status: z.enum(changeStatuses).optional(),
  /** deployed (the default), upgraded or rolledback. */
  kind: z.enum(['deployed', 'upgraded', 'rolledback']).optional(),
  commit: z.string().max(64).optional(),
  url: z.url().max(2000).optional(),
  actor: z.string().max(200).optional(),
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  commits: z.array(Commit).max(500).optional(),
  /** Problems that this release means to fix. */
  fixes: z.array(z.string().max(200)).max(100).optional(),
  attributes: Attributes.optional(),
});
export type DeployInput = z.infer<typeof DeployInput>;

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
});
export type Release = z.infer<typeof Release>;
export const ReleasesQuery = TimeRange.extend(Page.shape).extend(Environment.shape).extend({
  service: z.string().optional(),
});
