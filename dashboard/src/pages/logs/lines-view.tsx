import { Button, Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import type { LogFacets } from '../../../../src/http/contract/telemetry.js';
import { formatCount } from '../../charts/units.js';
import { Empty } from '../../ui/empty.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { Facets } from './facets.js';
import { firstLog } from './first-log.js';
import { LogTable } from './log-table.js';
import type { Lines } from './use-lines.js';

interface LinesViewProps {
  lines: Lines;
  facets: LogFacets | undefined;
  query: string;
  columns: readonly string[];
  withDay: boolean;
  selectedId: string | undefined;
  tail: boolean;
  onQuery: (query: string) => void;
  onSelect: (id: string, how: { replace: boolean }) => void;
}

/** Facets and lines. */
export function LinesView(props: LinesViewProps) {
  const { lines, facets, query, columns, withDay, selectedId, tail, onQuery, onSelect } = props;
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [opened, drawer] = useDisclosure(false);
  const facetList = <Facets facets={facets} query={query} onQuery={onQuery} />;
  return (
    <>
      <Notices lines={lines} tail={tail} />
      <div className="logs-body">
        {phone ? (
          <>
            <Button
              variant="default"
              size="xs"
              className="logs-facets-button"
              leftSection={<IconFilter size={14} />}
              onClick={drawer.open}
            >
              Narrow by field
            </Button>
            <Drawer opened={opened} onClose={drawer.close} title="Narrow by field" size={300}>
              {facetList}
            </Drawer>
          </>
        ) : (
          <div className="logs-facets">{facetList}</div>
        )}
        {lines.loading ? (
          <div className="card logs-loading">
            <TableSkeleton rows={12} />
          </div>
        ) : lines.list.shown.length === 0 && !lines.stale && lines.error === null ? (
          <NoLines query={query} tail={tail} onQuery={onQuery} />
        ) : (
          <LogTable
            lines={lines}
            columns={phone ? columns.filter((column) => column === 'service') : columns}
            phone={phone}
            withDay={withDay}
            selectedId={selectedId}
            onSelect={onSelect}
          />
        )}
      </div>
    </>
  );
}

function Notices({ lines, tail }: { lines: Lines; tail: boolean }) {
  const { partial, dropped } = lines.list;
  return (
    <>
      {partial === undefined ? null : (
        <p className="notice" role="status">
          {partial}
        </p>
      )}
      {tail && lines.tailError !== null ? (
        <p className="notice" data-kind="warning" role="alert">
          The live tail does not run: {lines.tailError}
        </p>
      ) : null}
      {tail && dropped > 0 ? (
        <p className="notice" data-kind="warning" role="status">
          {formatCount(dropped)} lines came in faster than they can be shown: narrow the query to see them
          all.
        </p>
      ) : null}
    </>
  );
}

function NoLines({
  query,
  tail,
  onQuery,
}: {
  query: string;
  tail: boolean;
  onQuery: (query: string) => void;
}) {
  if (tail) {
    return (
      <div className="card">
        <Empty title="Waiting for lines">New lines stand here as soon as they come in.</Empty>
      </div>
    );
  }
  return (
    <div className="card">
      {query === '' ? (
        <Empty title="No logs in this time range" line={firstLog(window.location.origin)}>
          Choose a longer time range at the top, or send a first line:
        </Empty>
      ) : (
        <Empty
          title="No line matches this query"
          action={
            <Button variant="default" onClick={() => onQuery('')}>
              Clear the query
            </Button>
          }
        >
          Take a condition away, or choose a longer time range at the top.
        </Empty>
      )}
    </div>
  );
}
