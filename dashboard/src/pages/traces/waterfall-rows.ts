import type { SpanNode, SpanTree } from './span-tree.js';

export interface WaterfallRow {
  readonly node: SpanNode;
  readonly depth: number;
  readonly collapsed: boolean;
}

/** The rows that are on show: depth first, children of collapsed spans left out. */
export function visibleRows(tree: SpanTree, collapsed: ReadonlySet<string>): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  const stack: { node: SpanNode; depth: number }[] = [];
  for (let i = tree.roots.length - 1; i >= 0; i--) {
    const node = tree.roots[i];
    if (node) stack.push({ node, depth: 0 });
  }
  for (let top = stack.pop(); top; top = stack.pop()) {
    const isCollapsed = top.node.children.length > 0 && collapsed.has(top.node.key);
    rows.push({ ...top, collapsed: isCollapsed });
    if (isCollapsed) continue;
    for (let i = top.node.children.length - 1; i >= 0; i--) {
      const node = top.node.children[i];
      if (node) stack.push({ node, depth: top.depth + 1 });
    }
  }
  return rows;
}

/** The spans above this one, nearest first: they must be open for it to be seen. */
export function ancestors(tree: SpanTree, key: string): string[] {
  const keys: string[] = [];
  for (let node = tree.parentOf.get(key); node; node = tree.parentOf.get(node.key)) keys.push(node.key);
  return keys;
}

/** Time in the span itself, in which none of its children ran, ms. */
export function selfMs(node: SpanNode): number {
  const ranges = node.children
    .map((child) => ({ from: Math.max(child.start, node.start), to: Math.min(child.end, node.end) }))
    .filter((range) => range.to > range.from)
    .sort((a, b) => a.from - b.from);
  let covered = 0;
  let until = node.start;
  for (const range of ranges) {
    if (range.to <= until) continue;
    covered += range.to - Math.max(range.from, until);
    until = range.to;
  }
  return node.end - node.start - covered;
}

/** The part of the trace that is on show, ms since it began. */
export interface TimeView {
  readonly from: number;
  readonly to: number;
}

export interface Bar {
  /** Fractions of the width, 0 to 1. */
  readonly left: number;
  readonly width: number;
}

/** Where a stretch of time stands in the view; null when it lies outside. */
export function barOf(from: number, to: number, view: TimeView): Bar | null {
  const span = view.to - view.from;
  if (!(span > 0)) return { left: 0, width: 1 };
  if (to < view.from || from > view.to) return null;
  const left = Math.max(0, (from - view.from) / span);
  const right = Math.min(1, (to - view.from) / span);
  return { left, width: Math.max(0, right - left) };
}

/** Round times for the ruler over the bars, at most `most`, from the start of the view. */
export function rulerTicks(view: TimeView, most: number): number[] {
  const span = view.to - view.from;
  if (!(span > 0) || most < 1) return [];
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((n) => n * power >= raw) ?? 10) * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(view.from / step - 1e-9); i * step <= view.to + step * 1e-9; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}
