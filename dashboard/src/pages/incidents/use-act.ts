import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { IncidentDetail } from '../../../../src/http/contract/incidents.js';
import { api } from '../../api/client.js';
import { apiKey } from '../../api/use-api.js';
import { failed } from '../../ui/toast.js';

interface Act {
  readonly verb: 'acknowledge' | 'assign' | 'resolve' | 'comment';
  readonly body?: unknown;
}

/** Does something with an incident; the answer is the incident as it then is. */
export function useAct(id: string) {
  const queries = useQueryClient();
  const path = `/api/incidents/${encodeURIComponent(id)}`;
  return useMutation({
    mutationFn: ({ verb, body }: Act) => api.post<IncidentDetail>(`${path}/${verb}`, body),
    onSuccess: async (incident) => {
      queries.setQueryData(apiKey(path), incident);
      await queries.invalidateQueries({ queryKey: ['/api/incidents'] });
    },
    onError: (error, { verb }) => failed(`The incident could not be changed (${verb}).`, error),
  });
}
