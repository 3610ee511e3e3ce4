import { z } from 'zod';
import type { ChangeStatus } from '../../../src/model/changes.js';
import { readPayload, Repository, type Mapped, type MappingOptions } from '../mapping.js';
import { Deployment, deploymentChange } from './deployment.js';

const Payload = z.object({
  deployment_status: z.object({
    state: z.string(),
    target_url: z.string().nullish(),
    log_url: z.string().nullish(),
    environment_url: z.string().nullish(),
    environment: z.string().nullish(),
    created_at: z.string().optional(),
    updated_at: z.string().nullish(),
  }),
  deployment: Deployment,
  repository: Repository,
});

/** `inactive` is told of the deployment before, when a new one succeeds; `waiting` waits for a person's word. */
const statuses: ReadonlyMap<string, ChangeStatus> = new Map([
  ['queued', 'started'],
  ['pending', 'started'],
  ['in_progress', 'started'],
  ['success', 'succeeded'],
  ['failure', 'failed'],
  ['error', 'failed'],
]);

/** `deployment_status`: the truth about what was deployed. */
export function mapDeploymentStatus(payload: unknown, options: MappingOptions): Mapped {
  const { deployment_status: said, deployment, repository } = readPayload(Payload, payload);
  const status = statuses.get(said.state);
  if (status === undefined) {
    return { kind: 'ignored', reason: `the deployment's state "${said.state}" changes nothing` };
  }
  const change = deploymentChange(deployment, repository, options);
  const at = said.updated_at ?? said.created_at;
  return {
    kind: 'change',
    change: {
      ...change,
      environment: said.environment ?? change.environment,
      status,
      url: firstSaid(said.log_url, said.target_url, said.environment_url),
      ...(status === 'started' ? {} : { finishedAt: at }),
    },
  };
}

function firstSaid(...urls: readonly (string | null | undefined)[]): string | undefined {
  return urls.find((url) => url != null && url !== '') ?? undefined;
}
