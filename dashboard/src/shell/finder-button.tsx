import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { KeyHint } from '../ui/key-hint.js';

const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'ctrl';

export function FinderButton({ onClick }: { onClick: () => void }) {
  return (
    <UnstyledButton className="finder-button" onClick={onClick} aria-keyshortcuts="Control+K Meta+K">
      <IconSearch size={16} aria-hidden />
      <span className="finder-button-word">Find</span>
      <KeyHint keys={`${modifier} k`} />
    </UnstyledButton>
  );
}
