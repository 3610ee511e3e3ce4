import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { List } from '../../../../src/http/contract/common.js';
import type { LogRecord } from '../../../../src/http/contract/telemetry.js';
import { api } from '../../api/client.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import type { RangeText } from '../../time/range.js';
import { emptyList, lineList, type LineEvent, type LineList } from './line-list.js';
import { useTail } from './use-tail.js';

const pageSize = 200;
const path = '/api/logs';

export interface LinesAsk {
  readonly query: string;
  readonly range: RangeText;
  /** The range ends now: newer lines belong to it. */
  readonly live: boolean;
  readonly tail: boolean;
}

export interface Lines {
  readonly list: LineList<LogRecord>;
  readonly loading: boolean;
  /** The lines shown answer an earlier question; those asked for are on their way. */
  readonly stale: boolean;
  readonly error: ApiError | null;
  readonly loadingMore: boolean;
  readonly moreError: ApiError | null;
  /** Why the live tail does not run. */
  readonly tailError: string | null;
  loadMore: () => void;
  retry: () => void;
  /** Tells whether the reader is at the top: new lines show only there. */
  setAtTop: (atTop: boolean) => void;
}

/** The lines of a query, newest first: page by page, and those that come in meanwhile. */
export function useLines({ query, range, live, tail }: LinesAsk): Lines {
  const params = { query, ...range, limit: pageSize };
  const question = JSON.stringify(params);
  const [list, dispatch] = useReducer(lineList<LogRecord>, emptyList as LineList<LogRecord>);
  const atTop = useRef(true);

  const head = useApi<List<LogRecord>>(path, params, { live: live && !tail });
  const { data, isPlaceholderData } = head;
  useEffect(() => {
    if (data && !isPlaceholderData) dispatch({ type: 'head', question, page: data, atTop: atTop.current });
  }, [data, isPlaceholderData, question]);

  const tailError = useTail({
    query,
    enabled: tail,
    onLines: (lines, dropped) => dispatch({ type: 'tail', question, lines, dropped, atTop: atTop.current }),
  });
  const older = useOlder(list, { question, params }, dispatch);
  const setAtTop = useCallback((at: boolean) => {
    atTop.current = at;
    if (at) dispatch({ type: 'top' });
  }, []);

  const { refetch } = head;
  return {
    list,
    loading: list.question === null && head.error === null,
    stale: list.question !== null && list.question !== question,
    error: head.error,
    tailError,
    retry: useCallback(() => void refetch(), [refetch]),
    setAtTop,
    ...older,
  };
}

interface Question {
  readonly question: string;
  readonly params: Readonly<Record<string, string | number | undefined>>;
}

/** Asks for the next page of older lines, one at a time. */
function useOlder(
  list: LineList<LogRecord>,
  { question, params }: Question,
  dispatch: (event: LineEvent<LogRecord>) => void,
): Pick<Lines, 'loadMore' | 'loadingMore' | 'moreError'> {
  const [asked, setAsked] = useState<{ question: string; cursor: string; error: ApiError | null } | null>(
    null,
  );
  const { cursor } = list;
  const current = asked?.question === question && asked.cursor === cursor ? asked : null;

  const loadMore = (): void => {
    if (cursor === null || list.question !== question || (current && !current.error)) return;
    setAsked({ question, cursor, error: null });
    api
      .get<List<LogRecord>>(path, { ...params, cursor })
      .then((page) => dispatch({ type: 'older', question, cursor, page }))
      .catch((error: unknown) => {
        const failed = error instanceof ApiError ? error : null;
        if (failed) setAsked({ question, cursor, error: failed });
      });
  };
  return {
    loadMore,
    loadingMore: current !== null && current.error === null,
    moreError: current?.error ?? null,
  };
}
