import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Release } from '../../../../src/http/contract/changes.js';
import { useList } from '../../api/use-list.js';
import { useMe } from '../../api/session.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { useNow } from '../../time/use-now.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { MoreButton } from '../../ui/more-button.js';
import { Narrowed } from '../../ui/narrowed.js';
import { PageTitle } from '../../ui/page-title.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { deployLine, serverUrl } from '../settings/snippets/curl.js';
import { ReleaseLine } from './release-line.js';
import './releases.css';
import type { ReleasesSearch } from './search.js';
import { whatWasReleased } from './sentences.js';

const route = getRouteApi('/app/releases');

export function ReleasesPage() {
  const { service, environment } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList<Release>('/api/releases', { service, environment, limit: 100 });
  const now = useNow();
  const narrow = (change: ReleasesSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  const answer = list.items
    ? whatWasReleased(list.items, { now, more: list.hasMore })
    : list.error
      ? 'That could not be asked.'
      : null;
  return (
    <>
      <PageTitle tab="Releases" answer={answer}>
        What was released?
      </PageTitle>
      {service === undefined && environment === undefined ? null : (
        <div className="filters">
          <Narrowed name="service" value={service} onRemove={() => narrow({ service: undefined })} />
          <Narrowed
            name="environment"
            value={environment}
            onRemove={() => narrow({ environment: undefined })}
          />
        </div>
      )}
      {list.error && !list.items ? (
        <ErrorBox what="The releases could not be loaded." error={list.error} retry={list.retry} />
      ) : (
        <div className="card" aria-busy={list.stale}>
          {list.items ? <Releases items={list.items} /> : <TableSkeleton rows={10} />}
          <MoreButton list={list} />
        </div>
      )}
    </>
  );
}

function Releases({ items }: { items: readonly Release[] }) {
  const navigate = useNavigate();
  const [current, setCurrent] = useState(-1);
  const url = serverUrl(useMe().installation.publicUrl, location.origin);
  useListKeys({
    count: items.length,
    current,
    onMove: (index) => {
      setCurrent(index);
      document.querySelectorAll('.releases tbody tr')[index]?.scrollIntoView({ block: 'nearest' });
    },
    onOpen: (index) => {
      const id = items[index]?.id;
      if (id !== undefined) void navigate({ to: '/releases/$id', params: { id } });
    },
  });
  if (items.length === 0)
    return (
      <Empty title="No release is known yet." line={deployLine(url, null)}>
        A release appears when a pipeline tells Lemni of a deploy, with one line at its end, or when telemetry
        first carries a new <code>service.version</code>.
      </Empty>
    );
  return (
    <div className="table-scroll">
      <table className="table releases">
        <thead>
          <tr>
            <th>Release</th>
            <th>Service</th>
            <th>Told by</th>
            <th>State</th>
            <th>Verdict</th>
            <th className="right">Commits</th>
            <th>By</th>
            <th className="right">Out since</th>
          </tr>
        </thead>
        <tbody>
          {items.map((release, index) => (
            <ReleaseLine key={release.id} release={release} current={index === current} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
