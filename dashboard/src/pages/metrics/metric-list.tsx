import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { List } from '../../../../src/http/contract/common.js';
import type { MetricName } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';
import { formatCount } from '../../charts/units.js';
import type { RangeText } from '../../time/range.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { firstMetric } from './first-metric.js';

interface MetricListProps {
  range: RangeText;
  find: string;
  selected: string | undefined;
  onFind: (find: string) => void;
  onSelect: (metric: MetricName) => void;
}

export function MetricList({ range, find, selected, onFind, onSelect }: MetricListProps) {
  const names = useApi<List<MetricName>>('/api/metrics', { ...range, search: find });
  const [draft, setDraft] = useState(find);
  const search = useDebouncedCallback(onFind, 200);
  return (
    <div className="metric-list">
      <TextInput
        data-search
        size="sm"
        aria-label="Find a metric"
        placeholder="Find a metric"
        leftSection={<IconSearch size={14} />}
        value={draft}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      {names.error ? (
        <ErrorBox
          what="The metrics could not be loaded."
          error={names.error}
          retry={() => void names.refetch()}
        />
      ) : !names.data ? (
        <TableSkeleton rows={8} />
      ) : names.data.items.length === 0 ? (
        find === '' ? (
          <Empty title="No metrics in this time range" line={firstMetric(window.location.origin)}>
            Choose a longer time range at the top, or send one:
          </Empty>
        ) : (
          <Empty title={`No metric has "${find}" in its name`} />
        )
      ) : (
        <ul>
          {names.data.items.map((metric) => (
            <li key={metric.name}>
              <button
                type="button"
                className="metric-item"
                aria-current={metric.name === selected || undefined}
                title={metric.description}
                onClick={() => onSelect(metric)}
              >
                <span className="metric-item-name">{metric.name}</span>
                <span className="metric-item-facts">
                  {[metric.kind, metric.unit].filter((fact) => fact !== '').join(', ')}
                  <span className="num">{formatCount(metric.series)} series</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {names.data?.partial === undefined ? null : <p className="small muted">{names.data.partial}</p>}
    </div>
  );
}
