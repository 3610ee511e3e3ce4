import { z } from 'zod';
import type { ChangeStatus } from '../../../src/model/changes.js';
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

const Payload = z.object({
  action: z.string(),
  workflow_run: z.object({
    id: z.number(),
    name: z.string().nullish(),
    run_attempt: z.number().optional(),
    head_sha: z.string(),
    head_branch: z.string().nullish(),
    conclusion: z.string().nullish(),
    html_url: z.string().optional(),
    event: z.string().optional(),
    created_at: z.string().optional(),
    run_started_at: z.string().optional(),
    updated_at: z.string().optional(),
    actor: Account,
  }),
  repository: Repository,
});

const conclusions: ReadonlyMap<string, ChangeStatus> = new Map([
  ['success', 'succeeded'],
  ['neutral', 'succeeded'],
  ['failure', 'failed'],
  ['timed_out', 'failed'],
  ['startup_failure', 'failed'],
  ['cancelled', 'canceled'],
  ['skipped', 'canceled'],
  ['stale', 'canceled'],
]);

/** `workflow_run`: a pipeline run began or ended. Each attempt is a run of its own. */
export function mapWorkflowRun(payload: unknown, options: MappingOptions): Mapped {
  const { action, workflow_run: run, repository } = readPayload(Payload, payload);
  const finished = action === 'completed';
  if (!finished && action !== 'requested' && action !== 'in_progress') {
    return { kind: 'ignored', reason: `the action "${action}" is not known` };
  }
  const status = finished ? conclusions.get(run.conclusion ?? '') : 'started';
  if (status === undefined) {
    return { kind: 'ignored', reason: `the conclusion "${run.conclusion ?? 'null'}" says no result` };
  }
  const type = finished ? 'pipelinerun.finished' : 'pipelinerun.started';
  return {
    kind: 'change',
    change: {
      id: idOf(repository, type, `${run.id}:${run.run_attempt ?? 1}`),
      type,
      service: serviceOf(repository, options),
      status,
      commit: run.head_sha,
      url: run.html_url,
      actor: run.actor?.login,
      startedAt: run.run_started_at ?? run.created_at,
      ...(finished ? { finishedAt: run.updated_at } : {}),
      attributes: attributesOf(repository, {
        'vcs.ref.head.name': run.head_branch,
        'cicd.pipeline.name': run.name,
        'cicd.pipeline.run.id': run.id,
        'github.run.attempt': run.run_attempt,
        'github.run.conclusion': run.conclusion,
        'github.run.event': run.event,
      }),
    },
  };
}
