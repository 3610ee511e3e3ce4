import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { Operations } from '../../../../src/http/contract/telemetry.js';
import type { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import type { Complete, Suggestion } from '../../query-bar/completion.js';
import { QueryBar } from '../../query-bar/query-bar.js';
import type { RangeText } from '../../time/range.js';
import { traceStatuses, type TracesSearch } from './search.js';

interface TraceFiltersProps {
  search: TracesSearch;
  range: RangeText;
  error: ApiError | null;
  onChange: (patch: TracesSearch) => void;
}

/** Fields that spans commonly have (OpenTelemetry semantic conventions), offered while a query is written. */
const spanFields = [
  ...[
    'service',
    'version',
    'environment',
    'operation',
    'status',
    'duration',
    'kind',
    'status_message',
    'trace_id',
  ],
  ...['http.route', 'http.request.method', 'http.response.status_code', 'url.full', 'db.system.name'],
  ...[
    'db.query.text',
    'rpc.service',
    'rpc.method',
    'messaging.system',
    'exception.type',
    'exception.message',
  ],
  ...['user.id', 'resource.host.name', 'resource.k8s.pod.name'],
];
const knownValues: Readonly<Record<string, readonly string[]>> = {
  status: ['error', 'ok', 'unset'],
  kind: ['Server', 'Client', 'Internal', 'Producer', 'Consumer'],
  'http.request.method': ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
};

export function TraceFilters({ search, range, error, onChange }: TraceFiltersProps) {
  const operations = useApi<Operations>('/api/traces/operations', { ...range, service: search.service });
  const services = operations.data?.services;
  const names = useMemo(
    () => [...new Set(operations.data?.operations.map((one) => one.operation) ?? [])],
    [operations.data],
  );
  const complete = useCallback<Complete>(
    ({ field, prefix }) => {
      const values =
        field === null
          ? spanFields
          : field === 'service'
            ? (services ?? [])
            : field === 'operation' || field === 'name'
              ? names
              : (knownValues[field] ?? []);
      const found = values.filter((value) => value.toLowerCase().includes(prefix.toLowerCase()));
      return Promise.resolve(found.map((value): Suggestion => ({ value, count: null })));
    },
    [services, names],
  );
  const atQuery = error !== null && /^\d+$/.test(error.at ?? '') ? Number(error.at) : null;
  const queryError = useMemo(
    () => (error ? { message: error.message, at: atQuery } : null),
    [error, atQuery],
  );
  return (
    <div className="trace-filters">
      <QueryBar
        value={search.query ?? ''}
        onRun={(query) => onChange({ query: query === '' ? undefined : query })}
        complete={complete}
        error={queryError}
        label="Search the spans"
        hint="http.route:/pay duration>1s"
        historyKey="lemni-trace-queries"
      />
      <div className="trace-filters-row">
        <Select
          aria-label="Service"
          placeholder="Any service"
          searchable
          clearable
          size="xs"
          data={withChosen(services ?? [], search.service)}
          value={search.service ?? null}
          onChange={(service) => onChange({ service: service ?? undefined, operation: undefined })}
        />
        <Select
          className="trace-filters-operation"
          aria-label="Operation"
          placeholder="Any operation"
          searchable
          clearable
          size="xs"
          data={withChosen(names, search.operation)}
          value={search.operation ?? null}
          onChange={(operation) => onChange({ operation: operation ?? undefined })}
        />
        <SegmentedControl
          size="xs"
          aria-label="Status"
          value={search.status ?? 'any'}
          onChange={(next) => onChange({ status: traceStatuses.find((status) => status === next) })}
          data={[
            { value: 'any', label: 'All' },
            { value: 'error', label: 'Failed' },
            { value: 'ok', label: 'Ok' },
          ]}
        />
        <Duration
          label="At least"
          value={search.minDuration}
          onChange={(minDuration) => onChange({ minDuration })}
        />
        <Duration
          label="At most"
          value={search.maxDuration}
          onChange={(maxDuration) => onChange({ maxDuration })}
        />
      </div>
    </div>
  );
}

/** A value of the URL is offered also when it did not occur in this time. */
function withChosen(values: readonly string[], chosen: string | undefined): string[] {
  return chosen === undefined || values.includes(chosen) ? [...values] : [chosen, ...values];
}

interface DurationProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

const durationForm = /^\d+(?:\.\d+)?\s*(?:ns|us|µs|ms|s|m|h)$/;

/** A duration with its unit; a bare number is milliseconds. It counts on Enter or when the field is left. */
function Duration({ label, value, onChange }: DurationProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? value ?? '';
  const full = /^\d+(?:\.\d+)?$/.test(text.trim()) ? `${text.trim()}ms` : text.trim();
  const wrong = full !== '' && !durationForm.test(full);
  const commit = (): void => {
    if (draft === null || wrong) return;
    setDraft(null);
    onChange(full === '' ? undefined : full.replace(/\s+/g, ''));
  };
  return (
    <TextInput
      className="trace-filters-duration"
      size="xs"
      aria-label={`Duration ${label.toLowerCase()}`}
      placeholder={`${label} 250ms`}
      value={text}
      error={wrong ? 'Write 250ms or 1.5s' : undefined}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
