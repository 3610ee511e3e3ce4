import { Menu } from '@mantine/core';
import { IconFlag3Filled } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { IncidentSpan } from './chart-config.js';
import { flagText, placeFlags, timeToX, type DeployMark, type Flag, type TimeFrame } from './flags.js';
import type { PlotArea } from './use-canvas-chart.js';

interface ChartFlagsProps {
  marks: readonly DeployMark[];
  incidents: readonly IncidentSpan[];
  frame: TimeFrame;
  area: PlotArea;
  clock: (at: number) => string;
}

/** Flags and incident numbers over the plot: links like any other, so keys and screen readers reach them. */
export function ChartFlags({ marks, incidents, frame, area, clock }: ChartFlagsProps) {
  return (
    <>
      {placeFlags(marks, frame, area).map((flag) => (
        <div className="chart-flag" key={flag.marks[0]?.id} style={flagPlace(flag)}>
          {flag.marks.length === 1 ? (
            <OneFlag flag={flag} clock={clock} />
          ) : (
            <FlagMenu flag={flag} clock={clock} />
          )}
        </div>
      ))}
      {incidents
        .filter((one) => one.from <= frame.to && (one.to ?? frame.to) >= frame.from)
        .map((one) => (
          <IncidentShade key={one.id} incident={one} frame={frame} area={area} />
        ))}
    </>
  );
}

function flagPlace({ x, side }: Flag) {
  return side === 'left' ? { right: `calc(100% - ${x + 0.5}px)` } : { left: x - 0.5 };
}

const says = (mark: DeployMark, clock: (at: number) => string): string =>
  `${mark.service} ${mark.version} deployed at ${clock(mark.at)}`;

function OneFlag({ flag, clock }: { flag: Flag; clock: (at: number) => string }) {
  const mark = flag.marks[0];
  if (!mark) return null;
  const words = says(mark, clock);
  if (mark.releaseId === null) {
    return (
      <span className="chart-flag-text" title={words}>
        <IconFlag3Filled size={10} aria-hidden />
        {flagText(flag)}
      </span>
    );
  }
  return (
    <Link
      className="chart-flag-text"
      to="/releases/$id"
      params={{ id: mark.releaseId }}
      title={words}
      aria-label={words}
    >
      <IconFlag3Filled size={10} aria-hidden />
      {flagText(flag)}
    </Link>
  );
}

function FlagMenu({ flag, clock }: { flag: Flag; clock: (at: number) => string }) {
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <button type="button" className="chart-flag-text">
          <IconFlag3Filled size={10} aria-hidden />
          {flagText(flag)}
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={280} style={{ overflow: 'auto' }}>
        {flag.marks.map((mark) =>
          mark.releaseId === null ? (
            <Menu.Item key={mark.id} component="div">
              {says(mark, clock)}
            </Menu.Item>
          ) : (
            <Menu.Item
              key={mark.id}
              // Mantine's polymorphic item passes these to the link as they are.
              renderRoot={(props: object) => (
                <Link {...props} to="/releases/$id" params={{ id: mark.releaseId ?? '' }} />
              )}
            >
              {says(mark, clock)}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The span of an incident, shaded over the plot, under its number. */
function IncidentShade(props: { incident: IncidentSpan; frame: TimeFrame; area: PlotArea }) {
  const { incident, frame, area } = props;
  const left = Math.max(area.left, timeToX(incident.from, frame, area));
  const right = Math.min(area.right, timeToX(incident.to ?? frame.to, frame, area));
  return (
    <div
      className="chart-incident"
      data-severity={incident.severity}
      style={{ left, width: Math.max(2, right - left), top: area.top, height: area.bottom - area.top }}
    >
      <Link to="/incidents/$id" params={{ id: incident.id }} title={incident.title}>
        {incident.label}
      </Link>
    </div>
  );
}
