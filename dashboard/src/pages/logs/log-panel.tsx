import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconLink, IconTimelineEventText } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { LogContext, LogRecord } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';
import { AttributeList } from '../../query-bar/attribute-list.js';
import type { FilterMode } from '../../query-bar/query-edit.js';
import { exact } from '../../time/format.js';
import { Ago } from '../../ui/ago.js';
import { ErrorBox } from '../../ui/error-box.js';
import { ServiceName } from '../../ui/service-name.js';
import { SidePanel } from '../../ui/side-panel.js';
import { TextSkeleton } from '../../ui/skeletons.js';
import { LogBody } from './log-body.js';
import { LogContextLines } from './log-context.js';
import { attributeRows, recordRows, resourceRows, scopeRows } from './record-rows.js';
import { bandOf } from './severity-band.js';
import { Severity } from './severity.js';

interface LogPanelProps {
  id: string;
  /** The record, when the list has it. */
  known: LogRecord | undefined;
  view: 'attributes' | 'context';
  onView: (view: 'attributes' | 'context') => void;
  onOpen: (id: string) => void;
  onClose: () => void;
  onFilter: (field: string, value: string, mode: FilterMode) => void;
  onColumn: (field: string) => void;
}

/** All there is to a line, and what was written around it. */
export function LogPanel(props: LogPanelProps) {
  const { id, known, onClose } = props;
  const asked = useApi<LogContext>(
    '/api/logs/context',
    { id, before: 0, after: 0 },
    { enabled: !known, fresh: true },
  );
  const record = known ?? asked.data?.record;
  return (
    <SidePanel
      title={record ? <PanelTitle record={record} /> : 'Log line'}
      label="Log line"
      onClose={onClose}
      width={560}
      actions={record ? <PanelActions record={record} /> : null}
    >
      {record ? (
        <PanelBody {...props} record={record} />
      ) : asked.error ? (
        <ErrorBox
          what="This line could not be loaded."
          error={asked.error}
          retry={() => void asked.refetch()}
        />
      ) : (
        <TextSkeleton lines={8} />
      )}
    </SidePanel>
  );
}

function PanelTitle({ record }: { record: LogRecord }) {
  return (
    <span className="log-panel-title">
      <Severity band={bandOf(record)} text={record.severityText.toLowerCase()} />
      <ServiceName service={record.service} environment={record.environment} />
    </span>
  );
}

function PanelActions({ record }: { record: LogRecord }) {
  const link = useClipboard({ timeout: 1500 });
  const json = useClipboard({ timeout: 1500 });
  const actions = [
    { label: 'Copy a link to this line', clip: link, icon: IconLink, text: () => window.location.href },
    { label: 'Copy as JSON', clip: json, icon: IconCopy, text: () => JSON.stringify(record, null, 2) },
  ];
  return actions.map(({ label, clip, icon: Glyph, text }) => (
    <Tooltip label={clip.copied ? 'Copied' : label} key={label}>
      <ActionIcon
        variant="subtle"
        aria-label={clip.copied ? 'Copied' : label}
        onClick={() => clip.copy(text())}
      >
        {clip.copied ? <IconCheck size={16} /> : <Glyph size={16} />}
      </ActionIcon>
    </Tooltip>
  ));
}

function PanelBody(props: LogPanelProps & { record: LogRecord }) {
  const { record, view, onView, onOpen, onFilter, onColumn } = props;
  const { local, utc } = exact(Date.parse(record.timestamp));
  return (
    <>
      <LogBody body={record.body} />
      <p className="log-panel-when small muted">
        <span title={`${record.timestamp}\n${utc}`}>{local}</span>
        <Ago at={record.timestamp} />
      </p>
      {record.traceId === '' ? null : (
        <Button
          variant="default"
          leftSection={<IconTimelineEventText size={14} />}
          renderRoot={(button: object) => (
            <Link
              {...button}
              to="/traces/$traceId"
              params={{ traceId: record.traceId }}
              search={record.spanId === '' ? {} : { span: record.spanId }}
            />
          )}
        >
          Open its trace
        </Button>
      )}
      <SegmentedControl
        className="log-panel-views"
        size="xs"
        value={view}
        onChange={(next) => onView(next === 'context' ? 'context' : 'attributes')}
        data={[
          { value: 'attributes', label: 'Attributes' },
          { value: 'context', label: 'Around this line' },
        ]}
      />
      {view === 'context' ? (
        <LogContextLines id={record.id} onOpen={onOpen} />
      ) : (
        <>
          <AttributeList title="Record" rows={recordRows(record)} onFilter={onFilter} />
          <AttributeList
            title="Attributes"
            rows={attributeRows(record.attributes)}
            onFilter={onFilter}
            onColumn={onColumn}
          />
          <AttributeList
            title="Resource"
            rows={resourceRows(record.resource)}
            onFilter={onFilter}
            onColumn={onColumn}
          />
          <AttributeList title="Scope" rows={scopeRows(record.scope)} onFilter={onFilter} />
        </>
      )}
    </>
  );
}
