import { keepPreviousData, useQuery, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';
import { api, type Params } from './client.js';
import type { ApiError } from './errors.js';

export interface ApiOptions {
  readonly enabled?: boolean;
  /** Ask again when new telemetry arrived (at most every few seconds); for relative time ranges. */
  readonly live?: boolean;
  /** Show nothing rather than the previous answer while the parameters change (for detail pages). */
  readonly fresh?: boolean;
  /** Unix-like interval in ms; for what no live event announces. */
  readonly refetchInterval?: number;
}

/** The query key of a GET: invalidate by its first part, the path. */
export function apiKey(path: string, params: Params = {}) {
  return [path, params] as const;
}

/** A GET that stays on screen while its successor loads. */
export function useApi<T>(
  path: string,
  params: Params = {},
  options: ApiOptions = {},
): UseQueryResult<T, ApiError> {
  const query = {
    queryKey: apiKey(path, params),
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get<T>(path, params, signal),
    enabled: options.enabled ?? true,
    meta: { live: options.live ?? false },
    ...(options.fresh === true ? {} : { placeholderData: keepPreviousData }),
    ...(options.refetchInterval === undefined ? {} : { refetchInterval: options.refetchInterval }),
  };
  // An answer of the API is never a function, which is what the library's type guards against.
  return useQuery<T, ApiError>(query as UseQueryOptions<T, ApiError>);
}
