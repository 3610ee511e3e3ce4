import { Select } from '@mantine/core';
import type { Services } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';

interface ServiceFilterProps {
  service: string | undefined;
  onPick: (service: string | undefined) => void;
}

/** Narrows to one service; a pill beside it takes that back. */
export function ServiceFilter({ service, onPick }: ServiceFilterProps) {
  const services = useApi<Services>('/api/services', { from: 'now-24h', buckets: 1 });
  const names = [...new Set((services.data?.items ?? []).map((row) => row.service))].filter(
    (name) => name !== '',
  );
  if (service !== undefined || names.length === 0) return null;
  return (
    <Select
      size="xs"
      w={180}
      aria-label="Service"
      placeholder="Any service"
      searchable
      data={names.sort()}
      value={null}
      onChange={(name) => onPick(name ?? undefined)}
    />
  );
}
