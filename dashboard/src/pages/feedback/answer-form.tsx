import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';

interface AnswerFormProps {
  label: string;
  busy: boolean;
  /** `done` empties the field: called when the answer is kept. */
  onSend: (text: string, done: () => void) => void;
}

/** Words to the person; Ctrl or Cmd and Enter sends them. */
export function AnswerForm({ label, busy, onSend }: AnswerFormProps) {
  const [text, setText] = useState('');
  const words = text.trim();
  const send = () => {
    if (words !== '' && !busy) onSend(words, () => setText(''));
  };
  return (
    <form
      className="feedback-answer-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        aria-label={label}
        placeholder={label}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          send();
        }}
      />
      <Button type="submit" size="xs" variant="default" loading={busy} disabled={words === ''}>
        Send the answer
      </Button>
    </form>
  );
}
