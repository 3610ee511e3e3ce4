import { ActionIcon, Checkbox, Popover, TextInput, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';
import { baseColumns } from './columns.js';

interface ColumnMenuProps {
  columns: readonly string[];
  /** Further fields to offer. */
  fields: readonly string[];
  onChange: (columns: readonly string[]) => void;
}

const shownFields = 40;

/** Chooses what stands beside time, severity and message. */
export function ColumnMenu({ columns, fields, onChange }: ColumnMenuProps) {
  const [search, setSearch] = useState('');
  const all = [...new Set([...columns, ...baseColumns, ...fields])].filter(
    (field) => field !== 'level' && field.toLowerCase().includes(search.trim().toLowerCase()),
  );
  const typed = search.trim();
  const offered = typed !== '' && !all.includes(typed) ? [...all, typed] : all;
  const toggle = (field: string): void =>
    onChange(columns.includes(field) ? columns.filter((one) => one !== field) : [...columns, field]);
  return (
    <Popover position="bottom-end" width={260} trapFocus>
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={30} aria-label="Columns">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className="log-columns">
        <TextInput
          size="xs"
          placeholder="Find or name a field"
          aria-label="Find or name a field"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <div className="log-columns-list">
          {offered.slice(0, shownFields).map((field) => (
            <Checkbox
              key={field}
              size="xs"
              label={field}
              checked={columns.includes(field)}
              onChange={() => toggle(field)}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
