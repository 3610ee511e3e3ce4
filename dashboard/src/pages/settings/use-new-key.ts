import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { KeyCreated, KeyScope, Role } from '../../../../src/http/contract/accounts.js';
import { api } from '../../api/client.js';

export interface NewKey {
  readonly name: string;
  readonly scope: KeyScope;
  readonly role?: Role;
}

/** Makes a key. The answer is the only place where it stands in full: it is held in the page's memory only. */
export function useNewKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: NewKey) => api.post<KeyCreated>('/api/keys', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/api/keys'] }),
    gcTime: 0,
  });
}
