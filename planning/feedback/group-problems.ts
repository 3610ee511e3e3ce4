import type { StateDatabase } from '../../src/store/state/connect.js';
import { problemsOfSources } from '../../src/store/state/problems.js';
import { sourceKey } from '../problems/sources.js';
import type { GroupProblems } from './ports.js';

/** The problems that were opened from feedback groups, out of the state store. */
export function createGroupProblems(state: StateDatabase): GroupProblems {
  return {
    of: async (groupIds) => {
      const sources = new Map(groupIds.map((groupId) => [keyOf(groupId), groupId]));
      const found = new Map<string, string>();
      for (const [source, problemId] of await problemsOfSources(state, [...sources.keys()])) {
        const groupId = sources.get(source);
        if (groupId !== undefined) found.set(groupId, problemId);
      }
      return found;
    },
  };
}

function keyOf(groupId: string): string {
  return sourceKey({ kind: 'feedback_group', groupId });
}
