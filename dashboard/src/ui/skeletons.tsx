import { Skeleton } from '@mantine/core';

/** The shape of a table that is loading. */
export function TableSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className="skeleton-rows" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div className="skeleton-row" key={row}>
          <Skeleton h={10} w="16%" />
          <Skeleton h={10} w={`${34 + ((row * 17) % 28)}%`} />
          <Skeleton h={10} w="10%" ml="auto" />
        </div>
      ))}
    </div>
  );
}

/** The shape of a chart that is loading; `height` in px. */
export function ChartSkeleton({ height }: { height: number }) {
  return <Skeleton h={height} role="status" aria-label="Loading" />;
}

/** The shape of a paragraph that is loading. */
export function TextSkeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="skeleton-text" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} h={10} w={`${92 - ((line * 23) % 40)}%`} />
      ))}
    </div>
  );
}
