import { UnstyledButton } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import type { ListState } from '../../api/use-list.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { Ago } from '../../ui/ago.js';
import { MoreButton } from '../../ui/more-button.js';
import { Rating } from '../../ui/rating.js';

interface FeedbackListProps {
  list: ListState<Feedback>;
  selected: string | undefined;
  onSelect: (id: string) => void;
}

export function FeedbackList({ list, selected, onSelect }: FeedbackListProps) {
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
  return (
    <div className="feedback-list-pane">
      <ul className="feedback-list" ref={host} aria-label="Feedback" aria-busy={list.stale}>
        {items.map((item, index) => (
          <li key={item.id}>
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
