import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useState } from 'react';

const examples: readonly [string, string][] = [
  ['timed out', 'both words, anywhere in the record'],
  ['"timed out"', 'exactly this phrase'],
  ['service:checkout', 'a field has this value'],
  ['level>=warn', 'warnings and worse'],
  ['status:500..599', 'a number within a range'],
  ['duration>250ms', 'durations and sizes have units'],
  ['host:web-*', 'a star stands for anything'],
  ['user.id:*', 'the field is there'],
  ['-user.id:42', 'not this value'],
  ['(a OR b) c', 'one of these, and c'],
  ['path:/^\\/api\\/v[12]/', 'a regular expression'],
];

/** The language on one card. */
export function QueryHelp() {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={420} trapFocus>
      <Popover.Target>
        <Tooltip label="How to write a query" disabled={opened}>
          <ActionIcon
            variant="subtle"
            aria-label="How to write a query"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <IconHelpCircle size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className="query-help">
        <dl>
          {examples.map(([query, meaning]) => (
            <div key={query}>
              <dt>
                <code>{query}</code>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <p className="small muted">
          Enter runs. Tab completes. Arrow up brings back earlier queries. Escape clears.
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
