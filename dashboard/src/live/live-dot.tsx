import { Tooltip } from '@mantine/core';
import { useLiveState } from './use-live.js';

const words = {
  live: { word: 'Live', hover: 'Connected: what changes appears by itself.' },
  connecting: { word: 'Connecting', hover: 'Connecting for live changes.' },
  offline: {
    word: 'Offline',
    hover: 'The live connection is lost. The page keeps what it has, tries again, and catches up by itself.',
  },
} as const;

/** Says that the page is alive, and what happens when it is not. */
export function LiveDot() {
  const state = useLiveState();
  const { word, hover } = words[state];
  return (
    <Tooltip label={hover}>
      <span className="live-dot" data-state={state} role="status" tabIndex={0}>
        <span className="live-dot-glyph" aria-hidden />
        <span className="live-dot-word">{word}</span>
      </span>
    </Tooltip>
  );
}
