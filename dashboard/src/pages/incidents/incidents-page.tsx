import { SegmentedControl } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Incident } from '../../../../src/http/contract/incidents.js';
import { useList, type ListState } from '../../api/use-list.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { MoreButton } from '../../ui/more-button.js';
import { Narrowed } from '../../ui/narrowed.js';
import { PageTitle } from '../../ui/page-title.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { IncidentRow } from './incident-row.js';
import { incidentFilters, type IncidentsSearch } from './search.js';
import { whatIsWrong } from './sentences.js';

const route = getRouteApi('/app/incidents');
const filterNames: Readonly<Record<NonNullable<IncidentsSearch['state']>, string>> = {
  active: 'Active',
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  all: 'All',
};

export function IncidentsPage() {
  const { state = 'active', service } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList<Incident>('/api/incidents', {
    state: state === 'all' ? undefined : state,
    service,
    limit: 50,
  });
  const narrow = (change: IncidentsSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  return (
    <>
      <PageTitle tab="Incidents" answer={answerOf(list, state)}>
        What happened, and who is on it?
      </PageTitle>
      <div className="filters">
        <SegmentedControl
          size="xs"
          aria-label="State"
          value={state}
          onChange={(value) => narrow({ state: incidentFilters.find((filter) => filter === value) })}
          data={incidentFilters.map((value) => ({ value, label: filterNames[value] }))}
        />
        <Narrowed name="service" value={service} onRemove={() => narrow({ service: undefined })} />
      </div>
      <IncidentList list={list} state={state} />
    </>
  );
}

function answerOf(list: ListState<Incident>, state: NonNullable<IncidentsSearch['state']>): string | null {
  if (!list.items) return list.error ? 'That could not be asked.' : null;
  if (state === 'active' || state === 'open' || state === 'acknowledged') {
    return list.items.length === 0 && state !== 'active'
      ? `No incident is ${state}.`
      : whatIsWrong(list.items, list.hasMore);
  }
  const many = `${list.items.length}${list.hasMore ? '+' : ''}`;
  if (list.items.length === 0) return 'No incident is on record.';
  const over = state === 'resolved' ? 'resolved' : 'on record';
  return list.items.length === 1 ? `1 incident is ${over}.` : `${many} incidents are ${over}.`;
}

function IncidentList({ list, state }: { list: ListState<Incident>; state: string }) {
  const navigate = useNavigate();
  const [current, setCurrent] = useState(-1);
  const items = list.items ?? [];
  useListKeys({
    count: items.length,
    current,
    onMove: (index) => {
      setCurrent(index);
      document.querySelectorAll('.incident-row')[index]?.scrollIntoView({ block: 'nearest' });
    },
    onOpen: (index) => {
      const id = items[index]?.id;
      if (id !== undefined) void navigate({ to: '/incidents/$id', params: { id } });
    },
  });
  if (list.error && !list.items)
    return <ErrorBox what="The incidents could not be loaded." error={list.error} retry={list.retry} />;
  if (!list.items)
    return (
      <div className="card">
        <TableSkeleton rows={6} />
      </div>
    );
  if (items.length === 0)
    return (
      <div className="card">
        <Empty title={state === 'active' ? 'No incident is active.' : 'There is no such incident.'}>
          An incident opens when a rule fires, names the last deploy, and resolves by itself when the rule
          does.{' '}
          <Link to="/settings/$tab" params={{ tab: 'alerting' }}>
            See the rules and how they are doing
          </Link>
          , or look at{' '}
          <Link to="/incidents" search={{ state: 'all' }}>
            all incidents so far
          </Link>
          .
        </Empty>
      </div>
    );
  return (
    <div className="card" aria-busy={list.stale}>
      <ul className="incident-list">
        {items.map((incident, index) => (
          <IncidentRow key={incident.id} incident={incident} current={index === current} />
        ))}
      </ul>
      <MoreButton list={list} />
    </div>
  );
}
