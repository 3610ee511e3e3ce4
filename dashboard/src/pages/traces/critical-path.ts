import type { SpanNode } from './span-tree.js';

/** A stretch of time (ms since the trace began) in which this span kept the whole trace waiting. */
export interface PathSegment {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What a trace waited for, from the end of `root` back to its start: at each moment the child that ended
 * last, and the span itself where no child ran. The segments follow each other without gap or overlap and
 * cover the root. A child that outlives its parent counts only as long as the parent ran.
 */
export function criticalPath(root: SpanNode): PathSegment[] {
  const segments: PathSegment[] = [];
  const stack: Frame[] = [frameOf(root, root.start, root.end)];
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (!frame) break;
    const child = nextChild(frame);
    if (!child) {
      push(segments, frame.node.key, frame.floor, frame.cursor);
      stack.pop();
      continue;
    }
    const end = Math.min(child.end, frame.ceiling);
    const start = Math.max(child.start, frame.floor);
    push(segments, frame.node.key, end, frame.cursor);
    frame.cursor = start;
    stack.push(frameOf(child, start, end));
  }
  return segments.reverse();
}

interface Frame {
  readonly node: SpanNode;
  /** The stretch of this span that its parent waited for: children are cut to it. */
  readonly floor: number;
  readonly ceiling: number;
  /** Everything from here to the ceiling is on the path already. */
  cursor: number;
  readonly byEnd: readonly SpanNode[];
  next: number;
}

function frameOf(node: SpanNode, floor: number, ceiling: number): Frame {
  const endOf = (child: SpanNode): number => Math.min(child.end, ceiling);
  const byEnd = [...node.children].sort((a, b) => endOf(b) - endOf(a) || a.start - b.start);
  return { node, floor, ceiling, cursor: ceiling, byEnd, next: 0 };
}

/** The child that ended last before the cursor; one that ran beside what is on the path held nothing up. */
function nextChild(frame: Frame): SpanNode | null {
  while (frame.next < frame.byEnd.length) {
    const child = frame.byEnd[frame.next++];
    if (!child) return null;
    const end = Math.min(child.end, frame.ceiling);
    if (end <= frame.cursor && end > Math.max(child.start, frame.floor)) return child;
  }
  return null;
}

function push(segments: PathSegment[], key: string, from: number, to: number): void {
  if (to > from) segments.push({ key, from, to });
}

/** Where the time went, by span: total ms on the path, largest first. */
export function pathTotals(segments: readonly PathSegment[]): { key: string; ms: number }[] {
  const totals = new Map<string, number>();
  for (const { key, from, to } of segments) totals.set(key, (totals.get(key) ?? 0) + to - from);
  return [...totals].map(([key, ms]) => ({ key, ms })).sort((a, b) => b.ms - a.ms);
}
