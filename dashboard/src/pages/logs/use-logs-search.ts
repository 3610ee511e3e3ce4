import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { LogsSearch } from './search.js';

const route = getRouteApi('/app/logs');

/** The page's state in the URL. `replace` leaves no step in the browser's history, e.g. for moving with j and k. */
export function useLogsSearch(): {
  search: LogsSearch;
  update: (patch: LogsSearch, options?: { replace?: boolean }) => void;
} {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const update = useCallback(
    (patch: LogsSearch, options?: { replace?: boolean }) =>
      void navigate({
        search: (previous) => ({ ...previous, ...patch }),
        replace: options?.replace ?? false,
        resetScroll: false,
      }),
    [navigate],
  );
  return { search, update };
}
