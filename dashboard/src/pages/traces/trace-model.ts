import type { LogRecord, Trace } from '../../../../src/http/contract/telemetry.js';
import { criticalPath, type PathSegment } from './critical-path.js';
import { offsetMs } from './span-time.js';
import { buildTree, type SpanTree } from './span-tree.js';
import { longestRoot } from './trace-findings.js';

export interface TraceLog {
  readonly record: LogRecord;
  /** ms since the trace began */
  readonly at: number;
}

/** Everything the page of a trace draws, from its spans and logs. */
export interface TraceModel {
  readonly tree: SpanTree;
  /** Of the longest root (`longestRoot`): what the trace waited for. */
  readonly path: readonly PathSegment[];
  readonly pathByKey: ReadonlyMap<string, readonly PathSegment[]>;
  readonly logs: readonly TraceLog[];
  readonly logsByKey: ReadonlyMap<string, readonly TraceLog[]>;
  readonly services: readonly string[];
  readonly errors: number;
}

export function traceModel(trace: Trace, adjustClocks: boolean): TraceModel {
  const tree = buildTree(trace.spans, trace.startedAt, { adjustClocks });
  const root = longestRoot(tree);
  const path = root ? criticalPath(root) : [];
  const logs = trace.logs
    .map((record) => {
      const shifted = tree.byKey.get(record.spanId)?.shifted ?? 0;
      return { record, at: offsetMs(record.timestamp, trace.startedAt) + shifted };
    })
    .sort((a, b) => a.at - b.at);
  return {
    tree,
    path,
    pathByKey: groupBy(path, (segment) => segment.key),
    logs,
    logsByKey: groupBy(logs, (log) => log.record.spanId),
    services: [...new Set(trace.spans.map((span) => span.service))],
    errors: trace.spans.filter((span) => span.status === 'Error').length,
  };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
