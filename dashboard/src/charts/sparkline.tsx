import { memo, useId, useMemo } from 'react';
import { sparkPath } from './spark-path.js';

export interface SparkMark {
  /** Where in the range, 0 (start) to 1 (end). */
  readonly at: number;
  readonly label?: string;
}

export interface SparklineProps {
  readonly points: readonly (number | null)[] | null;
  /** Any CSS colour, a variable included. */
  readonly color: string;
  /** Deploys in the range, drawn as thin violet lines. */
  readonly marks?: readonly SparkMark[] | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** The value at the upper edge, to share a scale between rows. */
  readonly max?: number | undefined;
  /** What it shows, for those who cannot see it. Without it the line is decoration. */
  readonly label?: string | undefined;
}

/** A line without axes. It takes its place before it has data, so a table does not jump. */
export const Sparkline = memo(function Sparkline(props: SparklineProps) {
  const { points, color, marks, width = 96, height = 24, max, label } = props;
  const id = useId();
  const path = useMemo(
    () => (points ? sparkPath(points, { width, height, max }) : null),
    [points, width, height, max],
  );
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      style={{ display: 'block', overflow: 'visible', flex: 'none' }}
      {...(label ? { role: 'img', 'aria-labelledby': id } : { 'aria-hidden': true })}
    >
      {label ? <title id={id}>{label}</title> : null}
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--lemni-line, #8884)" />
      {marks?.map((mark) => (
        <line
          key={`${mark.at} ${mark.label ?? ''}`}
          x1={mark.at * width}
          x2={mark.at * width}
          y1={0}
          y2={height}
          stroke="var(--lemni-release, #8b5cf6)"
          strokeWidth={1}
        >
          {mark.label ? <title>{mark.label}</title> : null}
        </line>
      ))}
      {path ? (
        <>
          <path d={path.area} fill={color} fillOpacity={0.14} />
          <path d={path.line} fill="none" stroke={color} strokeWidth={1.5} strokeLinejoin="round" />
          {path.dots.map((dot) => (
            <circle key={dot.x} cx={dot.x} cy={dot.y} r={1.5} fill={color} />
          ))}
        </>
      ) : null}
    </svg>
  );
});
