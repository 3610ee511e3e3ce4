import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import type { Me, Role } from '../../../src/http/contract/accounts.js';
import { roleOrder } from './roles.js';
import { api, setCsrfToken } from './client.js';

/** Who is logged in. A 401 sends the page to /login (router.tsx). */
export const meQuery = queryOptions({
  queryKey: ['/api/me'],
  queryFn: async ({ signal }) => {
    const me = await api.get<Me>('/api/me', {}, signal);
    setCsrfToken(me.csrfToken);
    return me;
  },
  staleTime: 60_000,
});

/** For pages inside the shell: the router has loaded it before they are drawn. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export function useCan(minimum: Role): boolean {
  return roleOrder[useMe().user.role] >= roleOrder[minimum];
}
