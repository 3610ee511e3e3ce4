import { ActionIcon, Button, Popover, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconClock, IconRefresh, IconZoomOut } from '@tabler/icons-react';
import { useIsFetching } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import {
  absoluteRange,
  describeRange,
  parseTime,
  quickRanges,
  resolveRange,
  zoomOut,
  type RangeText,
} from './range.js';
import { useNow } from './use-now.js';
import { useTimeRange } from './use-time-range.js';

/** The time range of the page, in the header; `refreshOnly` where a page has none. */
export function TimePicker({ refreshOnly }: { refreshOnly: boolean }) {
  const range = useTimeRange();
  const [opened, popover] = useDisclosure(false);
  const fetching = useIsFetching() > 0;
  const choose = (next: RangeText) => {
    range.set(next);
    popover.close();
  };
  return (
    <div className="time-picker">
      {refreshOnly ? null : (
        <>
          <Popover
            opened={opened}
            onChange={popover.toggle}
            onClose={popover.close}
            position="bottom-end"
            trapFocus
          >
            <Popover.Target>
              <Button
                variant="default"
                leftSection={<IconClock size={16} />}
                onClick={popover.toggle}
                aria-label={`Time range: ${range.label}`}
                className="time-picker-button"
              >
                {range.label}
              </Button>
            </Popover.Target>
            <Popover.Dropdown p={0}>
              <div className="time-picker-panel">
                <div className="time-picker-quick" role="group" aria-label="Up to now">
                  {quickRanges.map((quick) => (
                    <UnstyledButton
                      key={quick.from}
                      className="time-picker-choice"
                      aria-pressed={quick.from === range.from && range.to === 'now'}
                      onClick={() => choose(quick)}
                    >
                      {describeRange(quick, 0)}
                    </UnstyledButton>
                  ))}
                </div>
                <CustomRange from={range.from} to={range.to} onChoose={choose} />
              </div>
            </Popover.Dropdown>
          </Popover>
          <Tooltip label="Twice as long">
            <ActionIcon
              variant="subtle"
              size="lg"
              className="time-picker-wide"
              aria-label="Twice as long"
              onClick={() => range.set(absoluteRange(zoomOut(range.ms, Date.now())))}
            >
              <IconZoomOut size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
      <Tooltip label="Refresh">
        <ActionIcon variant="subtle" size="lg" aria-label="Refresh" onClick={range.refresh}>
          <IconRefresh size={18} stroke={1.6} className={fetching ? 'time-picker-busy' : undefined} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

interface CustomRangeProps extends RangeText {
  onChoose: (range: RangeText) => void;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function CustomRange(props: CustomRangeProps) {
  const now = useNow();
  const [from, setFrom] = useState(() => editable(props.from));
  const [to, setTo] = useState(() => editable(props.to));
  const mistake = (text: string) =>
    parseTime(text, now) === null ? 'For example now-2h, or 2026-11-22 09:30.' : undefined;
  const empty =
    mistake(from) === undefined && mistake(to) === undefined && resolveRange({ from, to }, now) === null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (mistake(from) === undefined && mistake(to) === undefined && !empty)
      props.onChoose({ from: canonical(from), to: canonical(to) });
  };
  return (
    <form className="time-picker-custom" onSubmit={submit}>
      <TextInput
        label="From"
        value={from}
        error={mistake(from)}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label="To"
        value={to}
        error={mistake(to) ?? (empty ? 'This is not after the start.' : undefined)}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit">Show this time</Button>
      <p className="muted small">
        Times are in your zone, {zone}. Relative ones such as now-90m follow the present.
      </p>
    </form>
  );
}

/** An absolute time as one would type it, in the viewer's zone. */
function editable(text: string): string {
  if (text.startsWith('now')) return text;
  const at = parseTime(text, 0);
  if (at === null) return text;
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function canonical(text: string): string {
  if (text.trim().startsWith('now')) return text.replace(/\s+/g, '');
  return new Date(parseTime(text, 0) ?? 0).toISOString();
}
