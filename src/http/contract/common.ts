import { z } from 'zod';

/** RFC 3339, UTC, e.g. `2026-11-22T10:00:00.000Z`. Telemetry times carry nine digits of fraction. */
export const Time = z
  .string()
  .meta({ description: 'RFC 3339 time in UTC', example: '2026-11-22T10:00:00.000Z' });

/**
 * `from` and `to` take RFC 3339, Unix milliseconds, or a relative time such as `now`, `now-15m`, `now-7d`.
 * They default to the last hour.
 */
export const TimeRange = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
});

export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  cursor: z.string().optional(),
});

export const Environment = z.object({ environment: z.string().optional() });

/** A list answers `{items, nextCursor}`; `nextCursor` is null on the last page. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    /** Set when a bound cut the answer short: what is missing, for a person. */
    partial: z.string().optional(),
  });
}

/** RFC 9457 problem details. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** For a person: what was wrong, where, what to do. */
  detail: z.string(),
  code: z.string(),
  /** Where in the input, when known: a path, or a 0-based column for a query. */
  at: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** A series for a chart: `points[i]` belongs to `from + i * stepMs`; null is a gap. */
export const Series = z.object({
  labels: z.record(z.string(), z.string()),
  points: z.array(z.number().nullable()),
});
export type Series = z.infer<typeof Series>;

export const Attributes = z.record(z.string(), z.string());
export type List<Item> = { items: Item[]; nextCursor: string | null; partial?: string | undefined };
