import { Select } from '@mantine/core';
import type { List } from '../../../../src/http/contract/common.js';
import type { FeedbackGroup } from '../../../../src/http/contract/feedback.js';
import { useApi } from '../../api/use-api.js';

interface GroupFilterProps {
  group: string | undefined;
  onPick: (group: string | undefined) => void;
}

/** Groups to look into; nothing while there is none. */
export function GroupFilter({ group, onPick }: GroupFilterProps) {
  const groups = useApi<List<FeedbackGroup>>('/api/feedback/groups', { limit: 100 });
  const items = groups.data?.items ?? [];
  if (items.length === 0 || group !== undefined) return null;
  return (
    <Select
      size="xs"
      w={180}
      aria-label="Group"
      placeholder="Any group"
      searchable
      value={null}
      onChange={(id) => onPick(id ?? undefined)}
      data={items.map(({ id, title, count, state }) => ({
        value: id,
        label: `${title} (${count}${state === 'closed' ? ', closed' : ''})`,
      }))}
    />
  );
}
