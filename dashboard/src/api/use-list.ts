import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { List } from '../../../src/http/contract/common.js';
import { api, type Params } from './client.js';
import type { ApiError } from './errors.js';

export interface ListState<Item> {
  /** Undefined until the first page is here. */
  readonly items: readonly Item[] | undefined;
  readonly error: ApiError | null;
  readonly partial: string | undefined;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** The items belong to parameters that were changed since. */
  readonly stale: boolean;
  more: () => void;
  retry: () => void;
}

interface ListOptions {
  /** Asked again when new telemetry arrived (at most every few seconds); for relative time ranges. */
  readonly live?: boolean;
}

/** A list that is read page by page; live events refresh it in place. */
export function useList<Item>(path: string, params: Params, options: ListOptions = {}): ListState<Item> {
  const query = useInfiniteQuery<
    List<Item>,
    ApiError,
    { pages: List<Item>[] },
    readonly unknown[],
    string | null
  >({
    queryKey: [path, params, 'pages'],
    queryFn: ({ pageParam, signal }) => api.get<List<Item>>(path, { ...params, cursor: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    meta: { live: options.live ?? false },
  });
  return {
    items: query.data?.pages.flatMap((page) => page.items),
    error: query.error,
    partial: query.data?.pages.find((page) => page.partial !== undefined)?.partial,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    stale: query.isPlaceholderData,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
