import { Button } from '@mantine/core';
import type { ListState } from '../api/use-list.js';

/** The end of a list that goes on. */
export function MoreButton({ list }: { list: Pick<ListState<unknown>, 'hasMore' | 'loadingMore' | 'more'> }) {
  if (!list.hasMore) return null;
  return (
    <div className="more-button">
      <Button variant="default" loading={list.loadingMore} onClick={list.more}>
        Show more
      </Button>
    </div>
  );
}
