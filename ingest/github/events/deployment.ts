import { z } from 'zod';
import type { ToldChange } from '../../changes/change.js';
import {
  Account,
  attributesOf,
  idOf,
  readPayload,
  Repository,
  serviceOf,
  type Mapped,
  type MappingOptions,
} from '../mapping.js';
import { serviceSaid, versionOf } from './version.js';

export const Deployment = z.object({
  id: z.number(),
  ref: z.string().max(1000),
  sha: z.string().min(7),
  task: z.string().nullish(),
  environment: z.string(),
  payload: z.unknown().optional(),
  created_at: z.string().optional(),
  creator: Account,
  description: z.string().nullish(),
});
export type Deployment = z.infer<typeof Deployment>;

const Payload = z.object({ deployment: Deployment, repository: Repository });

/** `deployment`: somebody asked for it; what becomes of it is told by `deployment_status`. */
export function mapDeployment(payload: unknown, options: MappingOptions): Mapped {
  const { deployment, repository } = readPayload(Payload, payload);
  return {
    kind: 'change',
    change: { ...deploymentChange(deployment, repository, options), status: 'started' },
  };
}

/** What `deployment` and all its statuses have in common: one change under one id. */
export function deploymentChange(
  deployment: Deployment,
  repository: Repository,
  options: MappingOptions,
): ToldChange {
  const task = deployment.task ?? 'deploy';
  return {
    id: idOf(repository, 'deployment', deployment.id),
    type: /rollback/i.test(task) ? 'service.rolledback' : 'service.deployed',
    service: serviceSaid(deployment) ?? serviceOf(repository, options),
    environment: deployment.environment,
    version: versionOf(deployment),
    commit: deployment.sha,
    actor: deployment.creator?.login,
    startedAt: deployment.created_at,
    attributes: attributesOf(repository, {
      'vcs.ref.head.name': deployment.ref,
      'github.deployment.id': deployment.id,
      'github.deployment.task': task,
      'github.deployment.description': deployment.description,
    }),
  };
}
