import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors.js';

/** A refused request is refused again; only what may pass later is tried once more. */
function worthRetrying(failures: number, error: Error): boolean {
  if (failures >= 2) return false;
  return !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;
}

/**
 * `onLoggedOut` is called when the server no longer knows the session: it ran out, or was ended elsewhere. The
 * question who is there is left out: asking it is how the router finds out.
 */
export function createQueryClient(onLoggedOut: () => void): QueryClient {
  const look = (error: Error): void => {
    if (error instanceof ApiError && error.status === 401) onLoggedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => {
        if (queryKey[0] !== '/api/me') look(error);
      },
    }),
    mutationCache: new MutationCache({ onError: look }),
    defaultOptions: {
      queries: { retry: worthRetrying, staleTime: 5_000, gcTime: 300_000, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}
