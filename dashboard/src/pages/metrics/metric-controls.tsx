import { MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApiError } from '../../api/errors.js';
import { aggregations, aggregationWords, type Aggregation } from './aggregation.js';
import type { MetricsSearch } from './search.js';

interface MetricControlsProps {
  search: MetricsSearch;
  /** What the server chose, when the URL does not say. */
  chosen: Aggregation | undefined;
  labels: readonly string[];
  error: ApiError | null;
  onChange: (patch: MetricsSearch) => void;
}

/** How the samples of a metric become lines. */
export function MetricControls({ search, chosen, labels, error, onChange }: MetricControlsProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const match = draft ?? search.match ?? '';
  const groups = (search.groupBy ?? '').split(',').filter((label) => label !== '');
  const commit = (): void => {
    if (draft === null) return;
    setDraft(null);
    onChange({ match: draft.trim() === '' ? undefined : draft.trim() });
  };
  return (
    <div className="metric-controls">
      <Select
        size="xs"
        label="Show"
        allowDeselect={false}
        data={aggregations.map((value) => ({ value, label: aggregationWords[value] }))}
        value={search.aggregation ?? chosen ?? null}
        onChange={(value) => onChange({ aggregation: aggregations.find((one) => one === value) })}
      />
      <MultiSelect
        size="xs"
        label="One line for each"
        placeholder={groups.length === 0 ? 'all together' : ''}
        searchable
        clearable
        maxValues={5}
        data={[...new Set([...groups, ...labels])]}
        value={groups}
        onChange={(next) => onChange({ groupBy: next.length === 0 ? undefined : next.join(',') })}
      />
      <TextInput
        className="metric-match"
        size="xs"
        label="Only where"
        placeholder={'{job="shop", code=~"5.."}'}
        spellCheck={false}
        value={match}
        error={error?.message}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </div>
  );
}
