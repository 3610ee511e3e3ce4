import {
  IconAlertTriangle,
  IconChevronRight,
  IconClockExclamation,
  IconSquareXFilled,
} from '@tabler/icons-react';
import { severityColors } from '../../charts/colors.js';
import { formatCount, formatMs } from '../../charts/units.js';
import { serviceColor } from '../../theme/service-hue.js';
import { bandOf } from '../logs/severity-band.js';
import type { SpanIssue, SpanNode } from './span-tree.js';
import type { TraceModel } from './trace-model.js';
import { barOf, type TimeView, type WaterfallRow } from './waterfall-rows.js';

interface WaterfallRowProps {
  row: WaterfallRow;
  index: number;
  /** px */
  top: number;
  view: TimeView;
  model: TraceModel;
  selected: boolean;
  onSelect: (key: string) => void;
  onFold: (key: string, shut: boolean) => void;
}

/** px: the first levels are easy to see, deeper ones stand closer, so that names stay in sight. */
function indentOf(depth: number): number {
  return Math.min(depth, 6) * 13 + Math.min(Math.max(0, depth - 6), 16) * 4;
}

export const issueWords: Readonly<Record<SpanIssue, string>> = {
  orphan: 'its parent never arrived',
  cycle: 'its parents lead back to itself',
  duplicate: 'another span has the same id',
  skew: 'it begins before its parent: the clocks of their hosts differ',
};

export function WaterfallRowView(props: WaterfallRowProps) {
  const { row, index, top, view, model, selected, onSelect, onFold } = props;
  const { node, depth, collapsed } = row;
  const foldable = node.children.length > 0;
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-level={depth + 1}
      aria-selected={selected}
      {...(foldable ? { 'aria-expanded': !collapsed } : {})}
      className="waterfall-row"
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(node.key)}
    >
      <div
        role="gridcell"
        className="span-name"
        data-error={node.span?.status === 'Error' || undefined}
        data-missing={node.span === null || undefined}
        style={{ paddingInlineStart: 8 + indentOf(depth) }}
        title={`${node.service} ${node.name}`}
      >
        {foldable ? (
          <button
            type="button"
            className="span-toggle"
            tabIndex={-1}
            aria-expanded={!collapsed}
            aria-label={collapsed ? `Unfold ${node.name}` : `Fold ${node.name}`}
            onClick={(event) => {
              event.stopPropagation();
              onFold(node.key, !collapsed);
            }}
          >
            <IconChevronRight size={12} />
          </button>
        ) : (
          <span className="span-toggle" aria-hidden />
        )}
        {node.span ? (
          <span className="service-dot" style={{ background: serviceColor(node.service) }} aria-hidden />
        ) : null}
        <SpanGlyphs node={node} collapsed={collapsed} />
        <span className="span-operation clip">{node.name}</span>
        <span className="span-service clip">{node.service}</span>
        {collapsed ? <span className="span-below">{formatCount(node.below)}</span> : null}
      </div>
      <div role="gridcell" className="span-track">
        <Track node={node} view={view} model={model} />
      </div>
    </div>
  );
}

function SpanGlyphs({ node, collapsed }: { node: SpanNode; collapsed: boolean }) {
  const failed = node.span?.status === 'Error';
  const below = collapsed && node.errorsBelow > (failed ? 1 : 0);
  const issues = node.issues.map((issue) => issueWords[issue]).join('; ');
  return (
    <>
      {failed ? <IconSquareXFilled size={13} className="span-error" aria-label="error" /> : null}
      {!failed && below ? (
        <IconAlertTriangle size={13} className="span-error" aria-label="errors below" />
      ) : null}
      {issues === '' ? null : (
        <span className="span-issue" title={issues}>
          <IconClockExclamation size={13} aria-label={issues} />
        </span>
      )}
    </>
  );
}

function Track({ node, view, model }: { node: SpanNode; view: TimeView; model: TraceModel }) {
  const bar = barOf(node.start, node.end, view);
  const failed = node.span?.status === 'Error';
  // The label stands after its bar, and before it where the bar ends near the edge.
  const before = bar !== null && bar.left + bar.width > 0.82 && bar.left > 0.18;
  const inside = bar !== null && !before && bar.left + bar.width > 0.995;
  return (
    <>
      {bar ? (
        <>
          <span
            className="span-bar"
            data-error={failed || undefined}
            data-missing={node.span === null || undefined}
            style={{
              left: `${bar.left * 100}%`,
              width: `${bar.width * 100}%`,
              background: serviceColor(node.service),
            }}
          />
          <span
            className="span-label num"
            style={
              before
                ? { right: `${(1 - bar.left) * 100}%` }
                : { left: inside ? '100%' : `${(bar.left + bar.width) * 100}%` }
            }
          >
            {node.span ? formatMs(node.end - node.start) : ''}
          </span>
        </>
      ) : (
        // It ran outside of the part that is on show: on which side, so that it can be found.
        <span
          className="span-label muted"
          style={node.end < view.from ? { left: 0 } : { right: 0 }}
          aria-hidden
        >
          {node.end < view.from ? '‹' : '›'}
        </span>
      )}
      {model.pathByKey.get(node.key)?.map((segment) => {
        const part = barOf(segment.from, segment.to, view);
        return part ? (
          <span
            key={segment.from}
            className="span-critical"
            title="On the path that took the time"
            style={{ left: `${part.left * 100}%`, width: `${part.width * 100}%` }}
          />
        ) : null;
      })}
      {model.logsByKey.get(node.span?.spanId ?? '')?.map((log) => {
        const at = barOf(log.at, log.at, view);
        return at ? (
          <span
            key={log.record.id}
            className="span-log"
            title={`${formatMs(log.at)}: ${log.record.body.slice(0, 300)}`}
            style={{ left: `${at.left * 100}%`, background: severityColors[bandOf(log.record)] }}
          />
        ) : null;
      })}
    </>
  );
}
