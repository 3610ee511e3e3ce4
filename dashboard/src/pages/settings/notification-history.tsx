import { SegmentedControl, Select } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Notification, Notifier } from '../../../../src/http/contract/incidents.js';
import { useList } from '../../api/use-list.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { MoreButton } from '../../ui/more-button.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { NotificationList } from '../incidents/incident-notifications.js';
import type { SettingsSearch } from './search.js';

const route = getRouteApi('/app/settings/$tab');

const statuses = [
  { value: 'all', label: 'All' },
  { value: 'failed', label: 'Failed' },
  { value: 'pending', label: 'Waiting' },
];

/** Everything that was sent about incidents, newest first, and what became of it. */
export function NotificationHistory({ notifiers }: { notifiers: readonly Notifier[] }) {
  const { notifier, sent } = route.useSearch();
  const { tab } = route.useParams();
  const navigate = useNavigate();
  const list = useList<Notification>('/api/notifications', { limit: 25, notifier, status: sent });
  const show = (change: SettingsSearch) =>
    void navigate({
      to: '/settings/$tab',
      params: { tab },
      search: (before: SettingsSearch) => ({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });
  const narrowed = notifier !== undefined || sent !== undefined;
  if (!narrowed && list.items?.length === 0) return null;
  return (
    <Section title="Sent">
      <div className="notification-filters">
        <SegmentedControl
          size="xs"
          aria-label="Which messages"
          data={statuses}
          value={sent ?? 'all'}
          onChange={(value) => show({ sent: value === 'failed' || value === 'pending' ? value : undefined })}
        />
        {notifiers.length < 2 ? null : (
          <Select
            size="xs"
            aria-label="Notifier"
            placeholder="Every notifier"
            clearable
            data={notifiers.map(({ name }) => name)}
            value={notifier ?? null}
            onChange={(value) => show({ notifier: value ?? undefined })}
          />
        )}
      </div>
      {list.error && !list.items ? (
        <ErrorBox what="The messages could not be loaded." error={list.error} retry={list.retry} />
      ) : !list.items ? (
        <TableSkeleton rows={4} />
      ) : list.items.length === 0 ? (
        <div className="card">
          <Empty title={sent === 'failed' ? 'No message failed.' : 'No message is like this.'} />
        </div>
      ) : (
        <>
          <NotificationList notifications={list.items} linked />
          <MoreButton list={list} />
        </>
      )}
    </Section>
  );
}
