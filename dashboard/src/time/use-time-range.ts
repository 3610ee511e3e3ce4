import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useNow } from './use-now.js';
import {
  defaultRange,
  describeRange,
  isRelative,
  resolveRange,
  type RangeMs,
  type RangeText,
} from './range.js';

export interface TimeRangeState extends RangeText {
  /** For API calls: as in the URL, so that `now-1h` moves with the server's clock. */
  readonly params: RangeText;
  /** Follows the present. */
  readonly live: boolean;
  readonly label: string;
  /** Unix ms, of this moment; ten seconds coarse. For axes. */
  readonly ms: RangeMs;
  set: (range: RangeText) => void;
  /** Asks everything on the page again. */
  refresh: () => void;
}

/** The one time range of the page; it lives in the URL as `?from=now-1h&to=now`. */
export function useTimeRange(): TimeRangeState {
  const search: { from?: string | undefined; to?: string | undefined } = useSearch({ strict: false });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const now = useNow();
  const from = search.from ?? defaultRange.from;
  const to = search.to ?? defaultRange.to;

  const set = useCallback(
    (range: RangeText) =>
      void navigate({ to: '.', search: (previous) => ({ ...previous, from: range.from, to: range.to }) }),
    [navigate],
  );
  const refresh = useCallback(() => void queries.invalidateQueries(), [queries]);

  return useMemo(() => {
    const params = { from, to };
    return {
      ...params,
      params,
      live: isRelative(to),
      label: describeRange(params, now),
      ms: resolveRange(params, now) ?? { from: now - 3_600_000, to: now },
      set,
      refresh,
    };
  }, [from, to, now, set, refresh]);
}
