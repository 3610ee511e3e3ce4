import { Tooltip } from '@mantine/core';
import type { Impact } from '../../../../src/http/contract/problems.js';
import { Num } from '../../ui/num.js';

/** What the list is ranked by; how it comes about on hover and focus. */
export function Score({ impact }: { impact: Impact }) {
  return (
    <Tooltip label={impact.arithmetic} multiline maw={420} events={{ hover: true, focus: true, touch: true }}>
      <span className="problem-score num" tabIndex={0} role="note" aria-label={`Cost: ${impact.arithmetic}`}>
        <Num value={impact.score} />
      </span>
    </Tooltip>
  );
}
