import { Button } from '@mantine/core';
import { IconArchive, IconArrowBackUp, IconPencil } from '@tabler/icons-react';
import type { ProblemItem } from '../../../../src/http/contract/problems.js';
import { useCan } from '../../api/session.js';
import { useProblemAct } from './use-problem.js';

interface ProblemActionsProps {
  problem: ProblemItem;
  onRename: () => void;
}

export function ProblemActions({ problem, onRename }: ProblemActionsProps) {
  const act = useProblemAct(problem.id);
  const may = useCan('responder');
  if (!may) return null;
  const over = problem.state === 'dismissed' || problem.state === 'verified' || problem.state === 'regressed';
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={onRename}>
        Rename
      </Button>
      {over ? (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} />}
          loading={act.isPending}
          onClick={() => act.mutate({ verb: 'patch', body: { state: 'open' } })}
        >
          Open it again
        </Button>
      ) : null}
      {problem.state === 'dismissed' ? null : (
        <Button
          variant="default"
          leftSection={<IconArchive size={16} />}
          loading={act.isPending}
          onClick={() => act.mutate({ verb: 'patch', body: { state: 'dismissed' } })}
        >
          Dismiss
        </Button>
      )}
    </>
  );
}
