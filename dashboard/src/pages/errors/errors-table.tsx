import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { ErrorGroup } from '../../../../src/http/contract/problems.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { Ago } from '../../ui/ago.js';
import { Num } from '../../ui/num.js';
import { ServiceName } from '../../ui/service-name.js';
import { Version } from '../../ui/version.js';
import { PlanFix } from '../problems/plan-fix.js';
import { errorName } from './sentences.js';

interface ErrorsTableProps {
  groups: readonly ErrorGroup[];
  /** Fingerprint of the group that a link points at. */
  picked: string | undefined;
}

export function ErrorsTable({ groups, picked }: ErrorsTableProps) {
  const [current, setCurrent] = useState(-1);
  const body = useRef<HTMLTableSectionElement>(null);
  const pickedIndex = groups.findIndex(({ fingerprint }) => fingerprint === picked);
  const shown = current === -1 ? pickedIndex : current;
  useListKeys({
    count: groups.length,
    current: shown,
    onMove: (index) => {
      setCurrent(index);
      body.current?.rows[index]?.scrollIntoView({ block: 'nearest' });
    },
    onOpen: (index) => body.current?.rows[index]?.querySelector<HTMLAnchorElement>('.error-title')?.click(),
  });
  useEffect(() => {
    if (pickedIndex >= 0) body.current?.rows[pickedIndex]?.scrollIntoView({ block: 'center' });
  }, [pickedIndex]);
  return (
    <div className="table-scroll">
      <table className="table errors">
        <thead>
          <tr>
            <th className="right">Times</th>
            <th className="right">People</th>
            <th>Error</th>
            <th>Service</th>
            <th>Versions</th>
            <th>First seen</th>
            <th>Last seen</th>
            <th aria-label="What to do" />
          </tr>
        </thead>
        <tbody ref={body}>
          {groups.map((group, index) => (
            <ErrorLine
              key={`${group.fingerprint} ${group.service} ${group.environment}`}
              group={group}
              current={index === shown}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ErrorLine({ group, current }: { group: ErrorGroup; current: boolean }) {
  const name = errorName(group);
  const { service, environment, fingerprint } = group;
  return (
    <tr data-current={current}>
      <td data-column="count" className="right">
        <Num value={group.count} />
      </td>
      <td data-column="people" className="right">
        {/* Nobody can be told apart where no user and no session is sent: that is not nobody. */}
        {group.people > 0 ? (
          <Num value={group.people} />
        ) : (
          <span className="muted" title="Neither a user nor a session came with it">
            –
          </span>
        )}
      </td>
      <td data-column="error" className="grow">
        {group.traceId === '' ? (
          <Link to="/traces" search={{ service, status: 'error' }} className="error-title" title={name}>
            {name}
          </Link>
        ) : (
          <Link
            to="/traces/$traceId"
            params={{ traceId: group.traceId }}
            className="error-title"
            title={name}
          >
            {name}
          </Link>
        )}
      </td>
      <td data-column="service">
        <ServiceName service={service} environment={environment} />
      </td>
      <td data-column="versions">
        <span className="error-versions">
          {group.versions.slice(0, 2).map((version) => (
            <Version key={version} version={version} />
          ))}
          {group.versions.length > 2 ? (
            <span className="muted small">and {group.versions.length - 2} more</span>
          ) : null}
        </span>
      </td>
      <td data-column="first">
        <Ago at={group.firstAt} />
      </td>
      <td data-column="last">
        <Ago at={group.lastAt} />
      </td>
      <td data-column="plan">
        <PlanFix size="compact-xs" from={{ kind: 'error_group', service, fingerprint }} label={name} />
      </td>
    </tr>
  );
}
