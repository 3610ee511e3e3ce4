import type { SignaturePart } from '../../src/model/problems.js';
import type { Span } from '../../src/query/problems/occurrences.js';
import type { AlertEpisode } from '../../src/store/state/alert-episodes.js';

type AlertPart = Extract<SignaturePart, { kind: 'alert' }>;

/** A rule that looks back further than this says nothing about when the first request failed. */
const maxWindowMs = 3_600_000;
/** Times of one alert; the newest count, and those close together are one. */
const maxSpans = 20;
const closeMs = 60_000;

/** Whether an alert is what the part means. */
export function isOf(part: AlertPart, { rule, labels }: Pick<AlertEpisode, 'rule' | 'labels'>): boolean {
  return (
    rule === part.rule &&
    (labels['service'] ?? '') === part.service &&
    (labels['environment'] ?? '') === part.environment &&
    (labels['operation'] ?? '') === part.operation
  );
}

/** When the condition of the alert began to be true: some part of the rule's window before it was seen. */
export function beganAt({ activeAt, windowMs }: Pick<AlertEpisode, 'activeAt' | 'windowMs'>): number {
  return activeAt - Math.min(windowMs, maxWindowMs);
}

/** The times in which the part's alert was there, within `[from, to)`, without overlaps, oldest first. Pure. */
export function spansOf(part: AlertPart, episodes: readonly AlertEpisode[], { from, to }: Span): Span[] {
  const spans = episodes
    .filter((episode) => isOf(part, episode))
    .map((episode) => ({
      from: Math.max(from, beganAt(episode)),
      to: Math.min(to, episode.resolvedAt ?? to),
    }))
    .filter((span) => span.from < span.to)
    .toSorted((a, b) => a.from - b.from)
    .slice(-maxSpans);
  const merged: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span.from - last.to <= closeMs) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** Minutes that the spans touch. */
export function minutesOf(spans: readonly Span[]): number {
  const minutes = new Set<number>();
  for (const { from, to } of spans) {
    // A month has 43,200 of them.
    for (let minute = Math.floor(from / 60_000); minute * 60_000 < to; minute++) minutes.add(minute);
  }
  return minutes.size;
}
