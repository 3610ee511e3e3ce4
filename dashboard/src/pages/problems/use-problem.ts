import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ProblemDetail, ProblemInput, ProblemPatch } from '../../../../src/http/contract/problems.js';
import { api } from '../../api/client.js';
import { apiKey } from '../../api/use-api.js';
import { failed } from '../../ui/toast.js';

export function problemPath(id: string): string {
  return `/api/problems/${encodeURIComponent(id)}`;
}

export type ProblemAct =
  | { readonly verb: 'patch'; readonly body: ProblemPatch }
  | { readonly verb: 'ticket'; readonly body: { url?: string } }
  | { readonly verb: 'comment'; readonly body: { text: string } };

const couldNot: Readonly<Record<ProblemAct['verb'], string>> = {
  patch: 'The problem could not be changed.',
  ticket: 'The ticket could not be made.',
  comment: 'The comment could not be kept.',
};

/** Does something with a problem and then asks how it is; the list follows by itself. */
export function useProblemAct(id: string) {
  const queries = useQueryClient();
  const path = problemPath(id);
  return useMutation({
    mutationFn: ({ verb, body }: ProblemAct) =>
      verb === 'patch'
        ? api.patch<Partial<ProblemDetail>>(path, body)
        : api.post<Partial<ProblemDetail>>(`${path}/${verb === 'comment' ? 'comments' : verb}`, body),
    onSuccess: async (answer) => {
      // An answer in full is shown at once; a short one would take the timeline off the page.
      if (answer.timeline) queries.setQueryData(apiKey(path), answer);
      await queries.invalidateQueries({
        predicate: ({ queryKey: [key] }) => key === '/api/problems' || key === path,
      });
    },
    onError: (error, { verb }) => failed(couldNot[verb], error),
  });
}

/** Opens a problem, or finds the one that is open already, and goes to it. */
export function usePlanFix() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (input: ProblemInput) => api.post<{ id: string }>('/api/problems', input),
    onSuccess: async ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['/api/problems'] });
      await navigate({ to: '/problems/$id', params: { id } });
    },
    onError: (error) => failed('The problem could not be opened.', error),
  });
}
