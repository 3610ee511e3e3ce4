import { Button } from '@mantine/core';
import { IconZoomIn } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Span } from '../../../../src/http/contract/telemetry.js';
import { formatMs, threeDigits } from '../../charts/units.js';
import { AttributeList } from '../../query-bar/attribute-list.js';
import { withFilter, type FilterMode } from '../../query-bar/query-edit.js';
import { ServiceName } from '../../ui/service-name.js';
import { SidePanel } from '../../ui/side-panel.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { Version } from '../../ui/version.js';
import { attributeRows, resourceRows } from '../logs/record-rows.js';
import { offsetMs } from './span-time.js';
import type { SpanNode } from './span-tree.js';
import { TraceLogs } from './trace-logs.js';
import type { TraceModel } from './trace-model.js';
import { issueWords } from './waterfall-row.js';
import { selfMs } from './waterfall-rows.js';

interface SpanPanelProps {
  node: SpanNode;
  model: TraceModel;
  /** RFC 3339: when the trace began. */
  origin: string;
  onClose: () => void;
  onZoom: () => void;
}

/** All there is to a span. */
export function SpanPanel({ node, model, origin, onClose, onZoom }: SpanPanelProps) {
  return (
    <SidePanel title={<span className="clip">{node.name}</span>} label="Span" onClose={onClose} width={500}>
      {node.span ? (
        <SpanBody node={node} span={node.span} model={model} origin={origin} onZoom={onZoom} />
      ) : (
        <p>
          Spans name it as their parent, but it never arrived: it was not sampled, its service does not send
          here, or it was lost on the way. Its dashed line spans those below it.
        </p>
      )}
    </SidePanel>
  );
}

interface SpanBodyProps {
  node: SpanNode;
  span: Span;
  model: TraceModel;
  origin: string;
  onZoom: () => void;
}

function SpanBody({ node, span, model, origin, onZoom }: SpanBodyProps) {
  const navigate = useNavigate();
  const filter = (field: string, value: string, mode: FilterMode): void =>
    void navigate({ to: '/traces', search: { query: withFilter('', field, value, mode) } });
  const logs = model.logsByKey.get(span.spanId) ?? [];
  return (
    <>
      <Facts node={node} span={span} model={model} />
      <p className="span-section">
        <Button variant="default" leftSection={<IconZoomIn size={14} />} onClick={onZoom}>
          Zoom to this span
        </Button>
      </p>
      {span.events.length === 0 ? null : (
        <section className="span-section">
          <h3>Events</h3>
          {span.events.map((event, i) => (
            <Event key={`${event.at} ${event.name} ${i}`} event={event} origin={origin} />
          ))}
        </section>
      )}
      {logs.length === 0 ? null : (
        <section className="span-section">
          <h3>Logs</h3>
          <TraceLogs logs={logs} />
        </section>
      )}
      <AttributeList title="Attributes" rows={attributeRows(span.attributes)} onFilter={filter} />
      <AttributeList title="Resource" rows={resourceRows(span.resource)} onFilter={filter} />
      <Links span={span} />
    </>
  );
}

function Facts({ node, span, model }: { node: SpanNode; span: Span; model: TraceModel }) {
  const onPath = (model.pathByKey.get(node.key) ?? []).reduce((sum, part) => sum + part.to - part.from, 0);
  const whole = model.path.reduce((sum, part) => sum + part.to - part.from, 0);
  return (
    <dl className="span-facts">
      <dt>Status</dt>
      <dd>
        {span.status === 'Error' ? (
          <StateGlyph
            state="critical"
            word={span.statusMessage === '' ? 'error' : `error: ${span.statusMessage}`}
          />
        ) : (
          <StateGlyph
            state={span.status === 'Ok' ? 'healthy' : 'inactive'}
            word={span.status === 'Ok' ? 'ok' : 'not set'}
          />
        )}
      </dd>
      <dt>Duration</dt>
      <dd className="num">
        {formatMs(span.durationMs)}
        <span className="muted">, {formatMs(selfMs(node))} of it in no child</span>
      </dd>
      <dt>Starts</dt>
      <dd className="num">
        {formatMs(node.start)} <span className="muted">after the trace began</span>
      </dd>
      {onPath > 0 && whole > 0 ? (
        <>
          <dt>Kept the trace waiting</dt>
          <dd className="num">
            {formatMs(onPath)} <span className="muted">({threeDigits((onPath / whole) * 100)} %)</span>
          </dd>
        </>
      ) : null}
      <dt>Service</dt>
      <dd>
        <ServiceName service={span.service} environment={span.environment} />
      </dd>
      {span.version === '' ? null : (
        <>
          <dt>Version</dt>
          <dd>
            <Version version={span.version} />
          </dd>
        </>
      )}
      <dt>Kind</dt>
      <dd>{span.kind}</dd>
      <dt>Span id</dt>
      <dd>
        <code>{span.spanId}</code>
      </dd>
      {node.issues.length === 0 && node.shifted === 0 ? null : (
        <>
          <dt>Note</dt>
          <dd style={{ color: 'var(--warning)' }}>
            {node.issues.map((issue) => issueWords[issue]).join('; ')}
            {node.shifted === 0 ? '' : ` Moved by ${formatMs(node.shifted)}.`}
          </dd>
        </>
      )}
    </dl>
  );
}

function Event({ event, origin }: { event: Span['events'][number]; origin: string }) {
  const {
    ['exception.stacktrace']: stack,
    ['exception.type']: type,
    ['exception.message']: message,
    ...rest
  } = event.attributes;
  const exception = event.name === 'exception';
  return (
    <div className="span-event" data-exception={exception || undefined}>
      <div className="span-event-head">
        <span>{exception ? (type ?? 'exception') : event.name}</span>
        <span className="num muted">{formatMs(offsetMs(event.at, origin))}</span>
      </div>
      {message === undefined ? null : <p>{message}</p>}
      {stack === undefined ? null : (
        <pre className="span-stack" tabIndex={0}>
          {stack}
        </pre>
      )}
      {Object.keys(rest).length === 0 ? null : <AttributeList title="" rows={attributeRows(rest)} />}
    </div>
  );
}

function Links({ span }: { span: Span }) {
  if (span.links.length === 0) return null;
  return (
    <section className="span-section">
      <h3>Links to other traces</h3>
      {span.links.map((link) => (
        <div className="span-event" key={`${link.traceId} ${link.spanId}`}>
          <Link to="/traces/$traceId" params={{ traceId: link.traceId }} search={{ span: link.spanId }}>
            <code>{link.traceId}</code>
          </Link>
          {Object.keys(link.attributes).length === 0 ? null : (
            <AttributeList title="" rows={attributeRows(link.attributes)} />
          )}
        </div>
      ))}
    </section>
  );
}
