import { Button, SegmentedControl, Tooltip } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import type { LogFields } from '../../../../src/http/contract/telemetry.js';
import { api } from '../../api/client.js';
import type { ApiError } from '../../api/errors.js';
import type { Complete } from '../../query-bar/completion.js';
import { QueryBar } from '../../query-bar/query-bar.js';
import type { RangeText } from '../../time/range.js';
import { ColumnMenu } from './column-menu.js';
import type { LogView } from './search.js';

interface LogsBarProps {
  query: string;
  error: ApiError | null;
  view: LogView;
  tail: boolean;
  columns: readonly string[];
  fields: readonly string[];
  range: RangeText;
  onQuery: (query: string) => void;
  onColumns: (columns: readonly string[]) => void;
  onView: (view: LogView) => void;
  onTail: (on: boolean) => void;
}

/** The query and how its answer is shown. */
export function LogsBar(props: LogsBarProps) {
  const { query, error, view, tail, columns, fields, range, onQuery, onColumns, onView, onTail } = props;
  const { from, to } = range;
  const complete = useCallback<Complete>(
    async ({ field, prefix, signal }) => {
      const answer = await api.get<LogFields>('/api/logs/fields', { field, prefix, from, to }, signal);
      return answer.items;
    },
    [from, to],
  );
  const queryError = useMemo(
    () => (error ? { message: error.message, at: columnOf(error.at) } : null),
    [error],
  );
  return (
    <div className="logs-bar">
      <QueryBar
        value={query}
        onRun={onQuery}
        complete={complete}
        error={queryError}
        label="Search the logs"
        hint='service:checkout level:error "timed out"'
        historyKey="lemni-log-queries"
      />
      <div className="logs-bar-end">
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={view}
          onChange={(next) => onView(next === 'patterns' ? 'patterns' : 'lines')}
          data={[
            { value: 'lines', label: 'Lines' },
            { value: 'patterns', label: 'Patterns' },
          ]}
        />
        {view === 'lines' ? (
          <>
            <Tooltip label={tail ? 'Stop following' : 'Show lines as they come in'}>
              <Button
                variant={tail ? 'filled' : 'default'}
                size="xs"
                aria-pressed={tail}
                leftSection={tail ? <IconPlayerPauseFilled size={12} /> : <IconPlayerPlayFilled size={12} />}
                onClick={() => onTail(!tail)}
              >
                Live tail
              </Button>
            </Tooltip>
            <ColumnMenu columns={columns} fields={fields} onChange={onColumns} />
          </>
        ) : null}
      </div>
    </div>
  );
}

/** The column of a mistake in a query; other places (a parameter's name) are none. */
function columnOf(at: string | undefined): number | null {
  return at !== undefined && /^\d+$/.test(at) ? Number(at) : null;
}
