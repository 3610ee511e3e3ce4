import { Button, type ButtonProps } from '@mantine/core';
import { IconListNumbers } from '@tabler/icons-react';
import type { ProblemInput } from '../../../../src/http/contract/problems.js';
import { useCan } from '../../api/session.js';
import { usePlanFix } from './use-problem.js';

interface PlanFixProps {
  /** What shows the problem: an incident, an error group, a pattern, feedback. */
  from: ProblemInput['from'];
  title?: string | undefined;
  size?: ButtonProps['size'];
  variant?: ButtonProps['variant'];
  /** Told with the button where several stand on a page. */
  label?: string | undefined;
}

/** The way from what is seen to what is planned: opens the problem (once) and goes to it. */
export function PlanFix({ from, title, size = 'sm', variant = 'default', label }: PlanFixProps) {
  const plan = usePlanFix();
  const may = useCan('responder');
  if (!may) return null;
  return (
    <Button
      size={size}
      variant={variant}
      leftSection={<IconListNumbers size={16} aria-hidden />}
      loading={plan.isPending}
      aria-label={label === undefined ? undefined : `Plan the fix of ${label}`}
      onClick={() => plan.mutate(title === undefined ? { from } : { from, title })}
    >
      Plan the fix
    </Button>
  );
}
