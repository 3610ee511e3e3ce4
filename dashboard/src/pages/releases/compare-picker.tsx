import { NativeSelect } from '@mantine/core';
import type { List } from '../../../../src/http/contract/common.js';
import type { Release } from '../../../../src/http/contract/changes.js';
import { useApi } from '../../api/use-api.js';
import { span } from '../../time/format.js';
import { useNow } from '../../time/use-now.js';
import { outSince } from './sentences.js';

interface ComparePickerProps {
  release: Release;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

/** Any other release of the service in its environment; the newest hundred. */
export function ComparePicker({ release, value, onChange }: ComparePickerProps) {
  const now = useNow();
  const { service, environment } = release;
  const others = useApi<List<Release>>('/api/releases', {
    service,
    environment: environment === '' ? undefined : environment,
    limit: 100,
  });
  const items = (others.data?.items ?? []).filter(({ id }) => id !== release.id);
  const isListed = value === undefined || items.some(({ id }) => id === value);
  return (
    <NativeSelect
      size="xs"
      aria-label="Compare with"
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      data={[
        { value: '', label: 'with what ran before' },
        ...(isListed ? [] : [{ value, label: 'with an older release' }]),
        ...items.map((item) => ({
          value: item.id,
          label: `with ${item.version}, ${span(Math.max(0, now - outSince(item)))} ago`,
        })),
      ]}
    />
  );
}
