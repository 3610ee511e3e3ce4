import { Tooltip } from '@mantine/core';
import { ago, exact } from '../time/format.js';
import { useNow } from '../time/use-now.js';

/** `14 min ago`; the exact time in the viewer's zone and in UTC on hover and for assistive technology. */
export function Ago({ at, prefix = '' }: { at: string | number; prefix?: string }) {
  const now = useNow();
  const ms = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(ms)) return <span>–</span>;
  const { local, utc } = exact(ms);
  const hover = (
    <>
      {local}
      <br />
      {utc}
    </>
  );
  return (
    <Tooltip label={hover}>
      <time
        className="num"
        dateTime={new Date(ms).toISOString()}
        aria-label={`${prefix}${ago(ms, now)}, ${local}`}
      >
        {prefix}
        {ago(ms, now)}
      </time>
    </Tooltip>
  );
}
