import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconFolder, IconMessageReply, IconPhoto } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import type { ListState } from '../../api/use-list.js';
import { useCan } from '../../api/session.js';
import { isTyping } from '../../shell/is-typing.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { Ago } from '../../ui/ago.js';
import { MoreButton } from '../../ui/more-button.js';
import { Rating } from '../../ui/rating.js';
import type { Selection } from './use-selection.js';

interface FeedbackListProps {
  list: ListState<Feedback>;
  selected: string | undefined;
  onSelect: (id: string) => void;
  selection: Selection;
  /** Above the list, while something is ticked. */
  bar: ReactNode;
}

export function FeedbackList({ list, selected, onSelect, selection, bar }: FeedbackListProps) {
  const may = useCan('responder');
  const host = useRef<HTMLUListElement>(null);
  const items = list.items ?? [];
  const current = items.findIndex(({ id }) => id === (selected ?? items[0]?.id));
  useListKeys({
    count: items.length,
    current,
    onMove: (index) => {
      const item = items[index];
      if (!item) return;
      onSelect(item.id);
      host.current?.children[index]?.scrollIntoView({ block: 'nearest' });
    },
  });
  useTickKey(may ? () => items[current] && selection.toggle(items[current].id) : undefined);
  return (
    <div className="feedback-list-pane">
      {bar}
      <ul className="feedback-list" ref={host} aria-label="Feedback" aria-busy={list.stale}>
        {items.map((item, index) => (
          <li key={item.id} className="feedback-row" data-ticked={selection.has(item.id)}>
            {may ? (
              <Checkbox
                className="feedback-tick"
                size="24px"
                aria-label={`Select: ${item.message.slice(0, 60) || 'a rating without words'}`}
                checked={selection.has(item.id)}
                onChange={() => selection.toggle(item.id)}
              />
            ) : null}
            <UnstyledButton
              className="feedback-item"
              aria-current={index === current}
              data-closed={item.state === 'closed'}
              onClick={() => onSelect(item.id)}
            >
              <span className="feedback-item-head">
                <Rating rating={item.rating} size={12} />
                <span className="clip">{item.email === '' ? item.userId : item.email}</span>
                {item.screenshotUrl === null ? null : <IconPhoto size={14} aria-label="with a screenshot" />}
                {item.groupId === null ? null : <IconFolder size={14} aria-label="in a group" />}
                {item.answers.length === 0 ? null : <IconMessageReply size={14} aria-label="answered" />}
                <span className="feedback-item-when">
                  <Ago at={item.at} />
                </span>
              </span>
              <span className="feedback-item-text">
                {item.message === '' ? 'A rating without words' : item.message}
              </span>
              <span className="feedback-item-where clip">
                {[item.service, item.version, pathOf(item.page)].filter((part) => part !== '').join(' · ')}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <MoreButton list={list} />
    </div>
  );
}

/** The part of an address that tells pages of one site apart. */
function pathOf(page: string): string {
  if (!URL.canParse(page)) return page;
  const { pathname, hash } = new URL(page);
  return pathname + hash;
}

/** `x` ticks the current one. */
function useTickKey(onTick: (() => void) | undefined): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'x' || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    onTick?.();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
