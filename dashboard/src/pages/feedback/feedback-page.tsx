import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import { useMe } from '../../api/session.js';
import { useList, type ListState } from '../../api/use-list.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Narrowed } from '../../ui/narrowed.js';
import { PageTitle } from '../../ui/page-title.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { serverUrl } from '../settings/snippets/curl.js';
import { widgetTag } from '../settings/snippets/feedback.js';
import { ServiceFilter } from '../problems/service-filter.js';
import { FeedbackDetail } from './feedback-detail.js';
import { FeedbackList } from './feedback-list.js';
import './feedback.css';
import { GroupBanner } from './group-banner.js';
import { GroupFilter } from './group-filter.js';
import { feedbackFilters, ratingFilters, type FeedbackSearch } from './search.js';
import { SelectionBar } from './selection-bar.js';
import { whatPeopleSay } from './sentences.js';
import { useSelection, type Selection } from './use-selection.js';

const route = getRouteApi('/app/feedback');
const stateNames = { open: 'Open', closed: 'Closed', all: 'All' } as const;
const ratingNames = { '1-2': '1 or 2 stars', '3': '3 stars', '4-5': '4 or 5 stars' } as const;

export function FeedbackPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { state = 'open', rating, service, version, environment, page, group, query } = search;
  const selection = useSelection();
  const list = useList<Feedback>('/api/feedback', {
    state: state === 'all' ? undefined : state,
    ...{ rating, service, version, environment, page, query },
    groupId: group,
    limit: 50,
  });
  const change = (next: FeedbackSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...next }), replace: true });
  const narrowed = [rating, service, version, environment, page, group, query].some(
    (value) => value !== undefined,
  );
  const answer = list.items
    ? whatPeopleSay(list.items, { state, more: list.hasMore })
    : list.error
      ? 'That could not be asked.'
      : null;
  return (
    <>
      <PageTitle tab="Feedback" answer={answer}>
        What do people say?
      </PageTitle>
      <div className="filters">
        <SegmentedControl
          size="xs"
          aria-label="State"
          value={state}
          onChange={(value) =>
            change({ state: feedbackFilters.find((filter) => filter === value), id: undefined })
          }
          data={feedbackFilters.map((value) => ({ value, label: stateNames[value] }))}
        />
        <Select
          size="xs"
          w={130}
          aria-label="Rating"
          placeholder="Any rating"
          clearable
          value={rating ?? null}
          onChange={(value) => change({ rating: ratingFilters.find((filter) => filter === value) })}
          data={ratingFilters.map((value) => ({ value, label: ratingNames[value] }))}
        />
        <WordsInput key={query ?? ''} query={query} onChange={(words) => change({ query: words })} />
        <ServiceFilter service={service} onPick={(value) => change({ service: value })} />
        <GroupFilter group={group} onPick={(value) => change({ group: value, id: undefined })} />
        <Narrowed name="service" value={service} onRemove={() => change({ service: undefined })} />
        <Narrowed name="version" value={version} onRemove={() => change({ version: undefined })} />
        <Narrowed
          name="environment"
          value={environment}
          onRemove={() => change({ environment: undefined })}
        />
        <Narrowed name="page" value={page} onRemove={() => change({ page: undefined })} />
      </div>
      {group === undefined ? null : (
        <GroupBanner key={group} id={group} onLeave={() => change({ group: undefined, id: undefined })} />
      )}
      <Inbox
        list={list}
        selected={search.id}
        onSelect={(id) => change({ id })}
        onNarrow={(to) => change({ ...to, id: undefined })}
        selection={selection}
        empty={<NoFeedback state={state} narrowed={narrowed} />}
      />
    </>
  );
}

function WordsInput({ query, onChange }: { query: string | undefined; onChange: (words?: string) => void }) {
  const [text, setText] = useState(query ?? '');
  const submit = () => onChange(text.trim() === '' ? undefined : text.trim());
  return (
    <form
      className="feedback-words"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        data-search
        size="xs"
        aria-label="Words in the message"
        placeholder="Words in the message"
        leftSection={<IconSearch size={14} />}
        value={text}
        maxLength={1000}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => {
          if (text.trim() !== (query ?? '')) submit();
        }}
      />
    </form>
  );
}

interface InboxProps {
  list: ListState<Feedback>;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
  onNarrow: (to: FeedbackSearch) => void;
  selection: Selection;
  empty: ReactNode;
}

/** Two panes: the list left, what was said right. On a phone one after the other. */
function Inbox({ list, selected, onSelect, onNarrow, selection, empty }: InboxProps) {
  if (list.error && !list.items)
    return <ErrorBox what="The feedback could not be loaded." error={list.error} retry={list.retry} />;
  if (!list.items)
    return (
      <div className="card">
        <TableSkeleton rows={8} />
      </div>
    );
  if (list.items.length === 0 && selected === undefined) return <div className="card">{empty}</div>;
  return (
    <div className="feedback card" data-selected={selected !== undefined}>
      <FeedbackList
        {...{ list, selected, onSelect, selection }}
        bar={
          selection.ids.length === 0 ? null : (
            <SelectionBar selection={selection} onGrouped={(group) => onNarrow({ group })} />
          )
        }
      />
      <FeedbackDetail
        id={selected ?? list.items[0]?.id}
        known={list.items.find(({ id }) => id === (selected ?? list.items?.[0]?.id))}
        onBack={() => onSelect(undefined)}
        onNarrow={onNarrow}
      />
    </div>
  );
}

function NoFeedback({ state, narrowed }: { state: string; narrowed: boolean }) {
  const url = serverUrl(useMe().installation.publicUrl, location.origin);
  if (narrowed) return <Empty title="Nothing that was said fits this." />;
  if (state === 'closed') return <Empty title="Nothing is closed yet." />;
  return (
    <Empty
      title={state === 'open' ? 'Nothing is open.' : 'Nobody said anything yet.'}
      line={widgetTag({ url, key: null })}
    >
      One line in your page brings a button and a dialog: the message, a rating, a screenshot, and the trace
      of the moment.{' '}
      <Link to="/settings/$tab" params={{ tab: 'connect' }} hash="feedback">
        Connect
      </Link>{' '}
      makes the public key.
    </Empty>
  );
}
