import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowRight, IconSearch, IconX } from '@tabler/icons-react';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import type { Complete } from './completion.js';
import { editorSetup, setErrorAt, type EditorHandlers } from './editor-setup.js';
import './query-bar.css';
import { QueryHelp } from './query-help.js';
import { readHistory, remember } from './query-history.js';

export interface QueryError {
  readonly message: string;
  /** 0-based column, when it is known. */
  readonly at: number | null;
}

interface QueryBarProps {
  /** The query that is run. */
  value: string;
  onRun: (query: string) => void;
  complete: Complete;
  error?: QueryError | null;
  label: string;
  hint: string;
  /** Where the queries that were run are remembered. */
  historyKey: string;
}

/** One line in which a query is written. `/` comes here, Enter runs, arrows bring back earlier queries. */
export function QueryBar({ value, onRun, complete, error = null, label, hint, historyKey }: QueryBarProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [draft, setDraft] = useState(value);
  const messageId = useId();
  const step = useRef<{ index: number; draft: string }>({ index: -1, draft: '' });

  const run = (query: string): void => {
    remember(historyKey, query.trim());
    step.current = { index: -1, draft: '' };
    onRun(query.trim());
  };
  const older: EditorHandlers['older'] = (query, direction) => {
    const past = readHistory(historyKey);
    const index = step.current.index + direction;
    if (index < -1 || index >= past.length) return null;
    const kept = step.current.index === -1 ? query : step.current.draft;
    step.current = { index, draft: kept };
    return index === -1 ? kept : (past[index] ?? null);
  };
  const handlers = useEffectEvent((): EditorHandlers => ({
    onRun: run,
    older,
    onChange: setDraft,
    complete,
  }));
  const initial = useEffectEvent(() => value);

  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial(),
        extensions: editorSetup(() => handlers(), { label, hint }),
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [label, hint]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      selection: { anchor: value.length },
    });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: setErrorAt.of(error?.at ?? null) });
    view.current?.contentDOM.setAttribute('aria-invalid', String(error !== null));
    if (error) view.current?.contentDOM.setAttribute('aria-describedby', messageId);
    else view.current?.contentDOM.removeAttribute('aria-describedby');
  }, [error, messageId]);

  const shownError = error && draft.trim() === value.trim() ? error : null;
  return (
    <div className="query-bar-frame">
      <div className="query-bar" data-invalid={shownError ? true : undefined} role="search">
        <IconSearch size={16} aria-hidden className="query-bar-glass" />
        <div ref={host} className="query-bar-editor" data-search />
        {draft === '' ? null : (
          <Tooltip label="Clear">
            <ActionIcon variant="subtle" aria-label="Clear the query" onClick={() => run('')}>
              <IconX size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        <QueryHelp />
        <Tooltip label="Run (Enter)">
          <ActionIcon
            variant={draft.trim() === value.trim() ? 'subtle' : 'filled'}
            aria-label="Run the query"
            onClick={() => run(draft)}
          >
            <IconArrowRight size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      {shownError ? (
        <p id={messageId} className="query-bar-error" role="alert">
          {shownError.at === null ? '' : `At character ${shownError.at + 1}: `}
          {shownError.message}
        </p>
      ) : null}
    </div>
  );
}
