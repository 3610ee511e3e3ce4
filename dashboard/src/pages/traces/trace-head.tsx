import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import type { Trace } from '../../../../src/http/contract/telemetry.js';
import { formatCount, formatMs, threeDigits } from '../../charts/units.js';
import { serviceColor } from '../../theme/service-hue.js';
import { Ago } from '../../ui/ago.js';
import { pathTotals } from './critical-path.js';
import type { SpanTree } from './span-tree.js';
import { longestRoot } from './trace-findings.js';
import type { TraceModel } from './trace-model.js';

export function TraceFacts({ trace, model }: { trace: Trace; model: TraceModel }) {
  const clip = useClipboard({ timeout: 1500 });
  const spans = trace.spans.length;
  const root = longestRoot(model.tree);
  // Work that went on after the answer was sent is no part of the request's own time.
  const goesOn = root !== null && model.tree.end - root.end > (root.end - root.start) * 0.01;
  const label = clip.copied ? 'Copied' : 'Copy the trace id';
  return (
    <span className="trace-facts">
      <Ago at={trace.startedAt} />
      <span>
        {formatCount(spans)} {spans === 1 ? 'span' : 'spans'} in {model.services.length}{' '}
        {model.services.length === 1 ? 'service' : 'services'}
      </span>
      {goesOn ? <span>the last span ended after {formatMs(model.tree.end - model.tree.start)}</span> : null}
      {model.errors > 0 ? (
        <span style={{ color: 'var(--critical)' }}>
          {formatCount(model.errors)} {model.errors === 1 ? 'error' : 'errors'}
        </span>
      ) : null}
      <span>
        <code>{trace.traceId}</code>
        <Tooltip label={label}>
          <ActionIcon variant="subtle" size="sm" aria-label={label} onClick={() => clip.copy(trace.traceId)}>
            {clip.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      </span>
    </span>
  );
}

interface TraceNoticesProps {
  trace: Trace;
  tree: SpanTree;
  adjusted: boolean;
  onAdjust: (on: boolean) => void;
}

/** What is odd or missing, said in words. */
export function TraceNotices({ trace, tree, adjusted, onAdjust }: TraceNoticesProps) {
  const { missing, cycles, skewed, skewMs } = tree;
  return (
    <>
      {trace.partial === undefined ? null : <p className="notice">{trace.partial}</p>}
      {missing === 0 ? null : (
        <p className="notice" data-kind="warning">
          {missing === 1 ? 'One parent span' : `${missing} parent spans`} never arrived; the spans below{' '}
          {missing === 1 ? 'it stand' : 'them stand'} under a dashed line in {missing === 1 ? 'its' : 'their'}{' '}
          place.
        </p>
      )}
      {cycles === 0 ? null : (
        <p className="notice" data-kind="warning">
          {cycles === 1 ? 'One group of spans names' : `${cycles} groups of spans name`} each other as
          parents; the earliest of each stands on top.
        </p>
      )}
      {skewed === 0 ? null : (
        <p className="notice trace-notice" data-kind="warning">
          <span>
            {skewed === 1 ? 'One span begins' : `${skewed} spans begin`} up to {formatMs(skewMs)} before their
            parents: the clocks of their hosts differ. {adjusted ? 'They were moved into their parents.' : ''}
          </span>
          <Button size="compact-xs" variant="default" onClick={() => onAdjust(!adjusted)}>
            {adjusted ? 'Show the times as sent' : 'Move them into their parents'}
          </Button>
        </p>
      )}
    </>
  );
}

const shown = 4;

/** The spans on which the time was spent, the largest first. */
export function TracePath({ model, onSelect }: { model: TraceModel; onSelect: (key: string) => void }) {
  const totals = pathTotals(model.path);
  const all = totals.reduce((sum, { ms }) => sum + ms, 0);
  if (totals.length < 2 || all <= 0) return null;
  return (
    <div className="trace-path">
      <span className="muted">The path that took the time:</span>
      {totals.slice(0, shown).map(({ key, ms }) => {
        const node = model.tree.byKey.get(key);
        if (!node) return null;
        return (
          <button
            type="button"
            key={key}
            onClick={() => onSelect(key)}
            title={`${node.service} ${node.name}`}
          >
            <span className="service-dot" style={{ background: serviceColor(node.service) }} aria-hidden />
            <span className="clip">{node.name}</span>
            {node.span?.status === 'Error' ? (
              <IconAlertTriangle size={12} color="var(--critical)" aria-label="error" />
            ) : null}
            <span className="num muted">
              {formatMs(ms)}, {threeDigits((ms / all) * 100)} %
            </span>
          </button>
        );
      })}
      {totals.length > shown ? <span className="muted">and {totals.length - shown} more spans</span> : null}
    </div>
  );
}
