import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { ProblemInput } from '../../src/http/contract/problems.js';

export type ProblemSource = z.output<typeof ProblemInput>['from'];

/** One text a source: two requests that mean the same one meet in it. Feedbacks in any order are the same. */
export function sourceKey(source: ProblemSource): string {
  switch (source.kind) {
    case 'incident':
      return `incident:${source.incidentId}`;
    case 'error_group':
    case 'pattern':
      return `${source.kind}:${source.fingerprint}:${source.service}`;
    case 'feedback': {
      const ids = [...new Set(source.feedbackIds)].sort();
      const [only] = ids;
      if (ids.length === 1 && only !== undefined) return `feedback:${only}`;
      return `feedbacks:${createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 32)}`;
    }
    case 'feedback_group':
      return `feedback_group:${source.groupId}`;
  }
}
