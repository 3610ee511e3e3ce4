import { mapDeploymentStatus } from './events/deployment-status.js';
import { mapDeployment } from './events/deployment.js';
import { mapPush } from './events/push.js';
import { mapWorkflowRun } from './events/workflow-run.js';
import type { Mapped, MappingOptions } from './mapping.js';

/** The event's change, or why it makes none. Pure; throws `BadInput` for a payload that GitHub would not send. */
export function mapEvent(event: string, payload: unknown, options: MappingOptions): Mapped {
  switch (event) {
    case 'deployment':
      return mapDeployment(payload, options);
    case 'deployment_status':
      return mapDeploymentStatus(payload, options);
    case 'push':
      return mapPush(payload, options);
    case 'workflow_run':
      return mapWorkflowRun(payload, options);
    default:
      return { kind: 'ignored', reason: `events "${event.slice(0, 100)}" are not used` };
  }
}
