import { Button } from '@mantine/core';
import { useState } from 'react';

interface ConfirmButtonProps {
  word: string;
  /** What the second press does, in full. */
  sure: string;
  busy: boolean;
  onConfirm: () => void;
}

/** For what cannot be undone: the first press asks, the second does. Leaving it takes the question back. */
export function ConfirmButton({ word, sure, busy, onConfirm }: ConfirmButtonProps) {
  const [asked, setAsked] = useState(false);
  return (
    <Button
      size="compact-xs"
      variant="default"
      className={asked ? 'confirm-asked' : undefined}
      loading={busy}
      onBlur={() => setAsked(false)}
      onClick={() => {
        if (asked) onConfirm();
        setAsked(!asked);
      }}
    >
      {asked ? sure : word}
    </Button>
  );
}
