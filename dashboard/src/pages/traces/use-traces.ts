import { useCallback, useState } from 'react';
import type { List } from '../../../../src/http/contract/common.js';
import type { TraceSummary } from '../../../../src/http/contract/telemetry.js';
import { api, type Params } from '../../api/client.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';

interface Older {
  readonly question: string;
  /** The page that the older ones follow. */
  readonly first: List<TraceSummary>;
  readonly items: readonly TraceSummary[];
  readonly cursor: string | null;
  readonly loading: boolean;
  readonly error: ApiError | null;
}

export interface Traces {
  readonly items: readonly TraceSummary[] | null;
  readonly more: boolean;
  readonly loadingMore: boolean;
  readonly error: ApiError | null;
  readonly moreError: ApiError | null;
  readonly partial: string | undefined;
  loadMore: () => void;
  retry: () => void;
}

const path = '/api/traces';
const most = 2000;

/** Traces of a search: the first page stays fresh, further pages are added when asked for. */
export function useTraces(params: Params, live: boolean): Traces {
  const question = JSON.stringify(params);
  const [older, setOlder] = useState<Older | null>(null);
  const current = older?.question === question ? older : null;
  // While older traces are on the page its beginning stands still: the cursor belongs to what is shown.
  const first = useApi<List<TraceSummary>>(
    path,
    { ...params, limit: 100 },
    { live: live && current === null },
  );
  const page = current?.first ?? first.data;
  const cursor = current ? current.cursor : (page?.nextCursor ?? null);

  const loadMore = useCallback((): void => {
    if (!page || cursor === null || (current?.loading ?? false)) return;
    const base: Older = current ?? { question, first: page, items: [], cursor, loading: false, error: null };
    setOlder({ ...base, loading: true, error: null });
    api
      .get<List<TraceSummary>>(path, { ...(JSON.parse(question) as Params), limit: 100, cursor })
      .then((next) => {
        const items = [...base.items, ...next.items];
        setOlder({ ...base, items, cursor: items.length >= most ? null : next.nextCursor });
      })
      .catch((error: unknown) => {
        setOlder({ ...base, loading: false, error: error instanceof ApiError ? error : null });
      });
  }, [page, cursor, current, question]);

  const { refetch } = first;
  return {
    items: page ? [...page.items, ...(current?.items ?? [])] : null,
    more: cursor !== null,
    loadingMore: current?.loading ?? false,
    error: first.error,
    moreError: current?.error ?? null,
    partial: page?.partial,
    loadMore,
    retry: useCallback(() => void refetch(), [refetch]),
  };
}
