import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProblemItem } from '../../../../src/http/contract/problems.js';
import { useProblemAct } from './use-problem.js';

/** Enter keeps the new title, Escape the old one. */
export function TitleForm({ problem, onDone }: { problem: ProblemItem; onDone: () => void }) {
  const act = useProblemAct(problem.id);
  const [title, setTitle] = useState(problem.title);
  const trimmed = title.trim();
  return (
    <form
      className="problem-rename"
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed === '' || trimmed === problem.title) onDone();
        else act.mutate({ verb: 'patch', body: { title: trimmed } }, { onSuccess: onDone });
      }}
    >
      <TextInput
        aria-label="Title"
        // The person asked for it with a press: that is where the focus belongs.
        autoFocus
        maxLength={300}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
      />
      <Button type="submit" loading={act.isPending} disabled={trimmed === ''}>
        Rename
      </Button>
      <Button variant="default" onClick={onDone}>
        Keep it
      </Button>
    </form>
  );
}
