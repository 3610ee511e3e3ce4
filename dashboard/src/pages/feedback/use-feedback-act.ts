import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { failed } from '../../ui/toast.js';

/** Something done to feedback; all that shows feedback is then asked for anew. */
export function useFeedbackAct<Input, Answer>(
  what: string,
  act: (input: Input) => Promise<Answer>,
): UseMutationResult<Answer, Error, Input> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [path] }) => typeof path === 'string' && path.startsWith('/api/feedback'),
      }),
    onError: (error) => failed(what, error),
  });
}

export function feedbackPath(id: string): string {
  return `/api/feedback/${encodeURIComponent(id)}`;
}

export function groupPath(id: string): string {
  return `/api/feedback/groups/${encodeURIComponent(id)}`;
}
