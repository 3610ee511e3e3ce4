import { getRouteApi, Link } from '@tanstack/react-router';
import type { ErrorGroup } from '../../../../src/http/contract/problems.js';
import { useMe } from '../../api/session.js';
import { useList } from '../../api/use-list.js';
import { useTimeRange } from '../../time/use-time-range.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { MoreButton } from '../../ui/more-button.js';
import { Narrowed } from '../../ui/narrowed.js';
import { PageTitle } from '../../ui/page-title.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { firstTrace, serverUrl } from '../settings/snippets/curl.js';
import { ErrorsTable } from './errors-table.js';
import './errors.css';
import type { ErrorsSearch } from './search.js';
import { whatBreaks } from './sentences.js';

const route = getRouteApi('/app/errors');

/** Exceptions of spans and logs, one line a kind. */
export function ErrorsPage() {
  const { service, environment, group } = route.useSearch();
  const navigate = route.useNavigate();
  const { params, live } = useTimeRange();
  const list = useList<ErrorGroup>('/api/errors', { ...params, service, environment, limit: 100 }, { live });
  const narrow = (change: ErrorsSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  const answer = list.items
    ? whatBreaks(list.items, list.hasMore)
    : list.error
      ? 'That could not be asked.'
      : null;
  return (
    <>
      <PageTitle tab="Errors" answer={answer}>
        What breaks?
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
        <ErrorBox what="The errors could not be loaded." error={list.error} retry={list.retry} />
      ) : (
        <div className="card" aria-busy={list.stale}>
          {!list.items ? (
            <TableSkeleton rows={8} />
          ) : list.items.length === 0 ? (
            <NoErrors />
          ) : (
            <>
              {list.partial === undefined ? null : <p className="notice">{list.partial}</p>}
              <ErrorsTable groups={list.items} picked={group} />
            </>
          )}
          <MoreButton list={list} />
        </div>
      )}
    </>
  );
}

function NoErrors() {
  const url = serverUrl(useMe().installation.publicUrl, location.origin);
  return (
    <Empty title="No error in this time range." line={firstTrace(url, null)}>
      Errors appear by themselves: an OpenTelemetry SDK records each exception on its span, and log lines
      bring theirs as <code>exception.type</code>. Look at{' '}
      <Link to="/traces" search={{ status: 'error' }}>
        failed requests
      </Link>
      , or send a first span by hand.
    </Empty>
  );
}
