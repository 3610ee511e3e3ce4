import type { Span } from '../../../../src/http/contract/telemetry.js';
import { offsetMs } from './span-time.js';

/** What is odd about a span's place in the tree; the page says it, rather than hiding it. */
export type SpanIssue =
  /** Its parent never arrived. */
  | 'orphan'
  /** Following its parents leads back to itself; the loop was cut above it. */
  | 'cycle'
  /** Another span has the same id. */
  | 'duplicate'
  /** It begins before its parent, in another service: their clocks differ. */
  | 'skew';

export interface SpanNode {
  /** Unique in the tree, and stable: the span id, with a counter for duplicates. */
  readonly key: string;
  /** Null for the place of a parent that never arrived. */
  readonly span: Span | null;
  readonly service: string;
  readonly name: string;
  /** Milliseconds since the trace began; changes only by adjusting clocks. */
  readonly start: number;
  readonly end: number;
  readonly children: readonly SpanNode[];
  readonly issues: readonly SpanIssue[];
  /** How far its clock was moved, ms; 0 when it was not. */
  readonly shifted: number;
  /** Errors in it and below it. */
  readonly errorsBelow: number;
  /** Spans below it. */
  readonly below: number;
}

export interface SpanTree {
  readonly roots: readonly SpanNode[];
  readonly byKey: ReadonlyMap<string, SpanNode>;
  readonly parentOf: ReadonlyMap<string, SpanNode>;
  readonly start: number;
  readonly end: number;
  readonly missing: number;
  readonly skewed: number;
  /** The largest difference between clocks, ms. */
  readonly skewMs: number;
  readonly cycles: number;
}

type Draft = {
  -readonly [K in keyof Omit<SpanNode, 'children' | 'issues'>]: SpanNode[K];
} & { children: Draft[]; issues: SpanIssue[]; parent: Draft | null };

/** Below this a child that begins early is rounding, not a clock. */
const toleranceMs = 0.05;

/**
 * Spans in any order, with any parents, as a forest in which every span stands exactly once. With
 * `adjustClocks`, a span that begins before its parent in another service is moved, with all below it, into
 * its parent (in its middle when it fits, else to its start).
 */
export function buildTree(
  spans: readonly Span[],
  origin: string,
  options: { readonly adjustClocks: boolean },
): SpanTree {
  const drafts = draftsOf(spans, origin);
  const roots = link(drafts);
  const cycles = cutCycles(drafts, roots);
  const missing = roots.filter((root) => root.span === null).length;
  const order = topDown(roots);
  const skew = markSkew(order, options.adjustClocks);
  sumUp(order);
  for (const node of order) node.children.sort(byStart);
  roots.sort(byStart);
  return {
    roots,
    byKey: new Map(order.map((node) => [node.key, node])),
    parentOf: new Map(order.flatMap((node) => (node.parent ? [[node.key, node.parent] as const] : []))),
    start: order.reduce((least, node) => Math.min(least, node.start), order.length > 0 ? Infinity : 0),
    end: order.reduce((most, node) => Math.max(most, node.end), order.length > 0 ? -Infinity : 0),
    missing,
    cycles,
    ...skew,
  };
}

const byStart = (a: Draft, b: Draft): number =>
  a.start - b.start || b.end - a.end || (a.key < b.key ? -1 : 1);

function draftsOf(spans: readonly Span[], origin: string): Draft[] {
  const seen = new Map<string, number>();
  return spans.map((span) => {
    const count = (seen.get(span.spanId) ?? 0) + 1;
    seen.set(span.spanId, count);
    const start = offsetMs(span.startedAt, origin);
    return {
      key: count === 1 ? span.spanId : `${span.spanId}#${count}`,
      span,
      service: span.service,
      name: span.name,
      start,
      end: start + Math.max(0, span.durationMs),
      children: [],
      parent: null,
      issues: count === 1 ? [] : ['duplicate'],
      shifted: 0,
      errorsBelow: 0,
      below: 0,
    };
  });
}

/** Hangs each span under its parent. Those whose parent is missing share a place for it. */
function link(drafts: readonly Draft[]): Draft[] {
  const byId = new Map<string, Draft>();
  for (const draft of drafts) if (!byId.has(draft.key)) byId.set(draft.key, draft);
  const ghosts = new Map<string, Draft>();
  const roots: Draft[] = [];
  for (const draft of drafts) {
    const parentId = draft.span?.parentSpanId ?? '';
    if (/^0*$/.test(parentId)) {
      roots.push(draft);
      continue;
    }
    let parent = byId.get(parentId);
    if (!parent) {
      parent = ghosts.get(parentId) ?? ghostOf(parentId);
      if (!ghosts.has(parentId)) {
        ghosts.set(parentId, parent);
        roots.push(parent);
      }
      draft.issues.push('orphan');
      parent.start = Math.min(parent.start, draft.start);
      parent.end = Math.max(parent.end, draft.end);
    }
    draft.parent = parent;
    parent.children.push(draft);
  }
  return roots;
}

function ghostOf(spanId: string): Draft {
  return {
    key: `missing ${spanId}`,
    span: null,
    service: '',
    name: `span ${spanId} never arrived`,
    start: Infinity,
    end: -Infinity,
    children: [],
    parent: null,
    issues: [],
    shifted: 0,
    errorsBelow: 0,
    below: 0,
  };
}

/** What no root leads to hangs in a loop: each loop is cut above its earliest span, which becomes a root. */
function cutCycles(drafts: readonly Draft[], roots: Draft[]): number {
  const reached = new Set<Draft>(topDown(roots));
  let cycles = 0;
  for (const draft of drafts) {
    if (reached.has(draft)) continue;
    const loop = loopFrom(draft);
    const first = loop.reduce((earliest, one) => (byStart(one, earliest) < 0 ? one : earliest));
    const parent = first.parent;
    if (parent) parent.children = parent.children.filter((child) => child !== first);
    first.parent = null;
    first.issues.push('cycle');
    roots.push(first);
    cycles += 1;
    for (const node of topDown([first])) reached.add(node);
  }
  return cycles;
}

/** The loop that following parents from here ends in. */
function loopFrom(draft: Draft): Draft[] {
  const path = new Set<Draft>();
  let at: Draft = draft;
  while (!path.has(at)) {
    path.add(at);
    if (!at.parent) return [at];
    at = at.parent;
  }
  const nodes = [...path];
  return nodes.slice(nodes.indexOf(at));
}

/** Every node below the roots, parents before children. Without recursion: chains may be 10,000 deep. */
function topDown(roots: readonly Draft[]): Draft[] {
  const order: Draft[] = [...roots];
  for (let i = 0; i < order.length; i++) {
    for (const child of order[i]?.children ?? []) order.push(child);
  }
  return order;
}

function markSkew(order: readonly Draft[], adjust: boolean): { skewed: number; skewMs: number } {
  let skewed = 0;
  let skewMs = 0;
  for (const node of order) {
    const parent = node.parent;
    if (!parent?.span) continue;
    if (adjust && parent.shifted !== 0) move(node, parent.shifted);
    const early = parent.start - node.start;
    if (early <= toleranceMs || parent.service === node.service) continue;
    node.issues.push('skew');
    skewed += 1;
    skewMs = Math.max(skewMs, early);
    if (!adjust) continue;
    const room = parent.end - parent.start - (node.end - node.start);
    move(node, parent.start + Math.max(0, room) / 2 - node.start);
  }
  return { skewed, skewMs };
}

function move(node: Draft, by: number): void {
  node.start += by;
  node.end += by;
  node.shifted += by;
}

function sumUp(order: readonly Draft[]): void {
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i];
    if (!node) continue;
    if (node.span?.status === 'Error') node.errorsBelow += 1;
    if (!node.parent) continue;
    node.parent.errorsBelow += node.errorsBelow;
    node.parent.below += node.below + 1;
  }
}
