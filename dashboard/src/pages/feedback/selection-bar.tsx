import { Button, Menu } from '@mantine/core';
import { IconArchive, IconFolderPlus } from '@tabler/icons-react';
import type { List } from '../../../../src/http/contract/common.js';
import type { Feedback, FeedbackGroup } from '../../../../src/http/contract/feedback.js';
import { api } from '../../api/client.js';
import { useApi } from '../../api/use-api.js';
import { told } from '../../ui/toast.js';
import { PlanFix } from '../problems/plan-fix.js';
import { feedbackPath, useFeedbackAct } from './use-feedback-act.js';
import type { Selection } from './use-selection.js';

interface SelectionBarProps {
  selection: Selection;
  onGrouped: (group: string) => void;
}

/** What can be done with the feedbacks that are ticked. */
export function SelectionBar({ selection, onGrouped }: SelectionBarProps) {
  const { ids } = selection;
  const groups = useApi<List<FeedbackGroup>>('/api/feedback/groups', { state: 'open', limit: 20 });
  const group = useFeedbackAct('The feedback could not be grouped.', (groupId: string | undefined) =>
    api.post<FeedbackGroup>('/api/feedback/groups', {
      feedbackIds: ids,
      ...(groupId === undefined ? {} : { groupId }),
    }),
  );
  const close = useFeedbackAct('Not all of it could be closed.', async () => {
    for (const id of ids) await api.patch<Feedback>(feedbackPath(id), { state: 'closed' });
  });
  const put = (groupId: string | undefined) =>
    group.mutate(groupId, {
      onSuccess: (made) => {
        selection.clear();
        told(`${ids.length} in the group "${made.title}".`);
        onGrouped(made.id);
      },
    });
  const known = groups.data?.items ?? [];
  return (
    <div className="feedback-selection" role="toolbar" aria-label="What to do with the selected feedback">
      <strong className="feedback-selection-count">{ids.length} selected</strong>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            loading={group.isPending}
            leftSection={<IconFolderPlus size={16} aria-hidden />}
          >
            Group
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => put(undefined)}>A new group</Menu.Item>
          {known.length === 0 ? null : <Menu.Label>Or add to</Menu.Label>}
          {known.map(({ id, title, count }) => (
            <Menu.Item key={id} onClick={() => put(id)}>
              {title} ({count})
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        size="xs"
        variant="default"
        loading={close.isPending}
        leftSection={<IconArchive size={16} aria-hidden />}
        onClick={() => close.mutate(undefined, { onSuccess: selection.clear })}
      >
        Close
      </Button>
      <PlanFix size="xs" from={{ kind: 'feedback', feedbackIds: [...ids] }} />
      <Button size="xs" variant="subtle" onClick={selection.clear}>
        Clear
      </Button>
    </div>
  );
}
