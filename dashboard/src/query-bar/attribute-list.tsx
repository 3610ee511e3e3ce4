import { ActionIcon, Tooltip } from '@mantine/core';
import { IconColumnInsertRight, IconCopy, IconFilter, IconFilterOff } from '@tabler/icons-react';
import './attributes.css';
import type { FilterMode } from './query-edit.js';

export interface AttributeRow {
  readonly name: string;
  readonly value: string;
  /** As it is written in a query; null when it cannot be searched for. */
  readonly field: string | null;
}

interface AttributeListProps {
  title: string;
  rows: readonly AttributeRow[];
  onFilter?: ((field: string, value: string, mode: FilterMode) => void) | undefined;
  onColumn?: ((field: string) => void) | undefined;
}

/** Names and values of a record; each can narrow the search, be left out of it, or be copied. */
export function AttributeList({ title, rows, onFilter, onColumn }: AttributeListProps) {
  if (rows.length === 0) return null;
  return (
    <section className="attributes">
      {title === '' ? null : <h3>{title}</h3>}
      <dl>
        {rows.map((row) => (
          <div key={row.name} className="attribute">
            <dt className="clip" title={row.name}>
              {row.name}
            </dt>
            <dd>
              <AttributeValue row={row} onFilter={onFilter} />
              <span className="attribute-actions">
                <Actions row={row} onFilter={onFilter} onColumn={onColumn} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function AttributeValue({ row, onFilter }: { row: AttributeRow; onFilter: AttributeListProps['onFilter'] }) {
  const { field, value } = row;
  if (!onFilter || field === null || value === '') return <span className="attribute-value">{value}</span>;
  return (
    <button
      type="button"
      className="attribute-value"
      title={`Narrow to ${row.name} = ${value.slice(0, 200)}`}
      onClick={(event) => onFilter(field, value, event.altKey ? 'exclude' : 'include')}
    >
      {value}
    </button>
  );
}

function Actions({
  row,
  onFilter,
  onColumn,
}: { row: AttributeRow } & Pick<AttributeListProps, 'onFilter' | 'onColumn'>) {
  const { field, value, name } = row;
  const actions = [
    ...(onFilter && field !== null
      ? [
          { label: `Narrow to this ${name}`, icon: IconFilter, run: () => onFilter(field, value, 'include') },
          {
            label: `Leave out this ${name}`,
            icon: IconFilterOff,
            run: () => onFilter(field, value, 'exclude'),
          },
        ]
      : []),
    ...(onColumn && field !== null
      ? [{ label: `Show ${name} as a column`, icon: IconColumnInsertRight, run: () => onColumn(field) }]
      : []),
    {
      label: `Copy the value of ${name}`,
      icon: IconCopy,
      run: () => void navigator.clipboard.writeText(value),
    },
  ];
  return actions.map(({ label, icon: Glyph, run }) => (
    <Tooltip label={label} key={label}>
      <ActionIcon variant="subtle" size={24} aria-label={label} onClick={run}>
        <Glyph size={14} />
      </ActionIcon>
    </Tooltip>
  ));
}
