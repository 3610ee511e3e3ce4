import { IconCheck, IconX } from '@tabler/icons-react';
import type { ProblemItem } from '../../../../src/http/contract/problems.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { stateGlyphs, stateWord, stepsOf, type StepState } from './steps.js';

type Stepping = Pick<ProblemItem, 'state' | 'ticket' | 'verification'>;

/** In a list: four beads on a string, and where it stands in words. */
export function ProblemBeads({ problem }: { problem: Stepping }) {
  return (
    <span className="problem-beads">
      <span className="problem-beads-string" aria-hidden>
        {stepsOf(problem).map((step) => (
          <span key={step.name} className="problem-bead" data-state={step.state} data-step={step.name} />
        ))}
      </span>
      <StateGlyph state={stateGlyphs[problem.state]} word={stateWord(problem)} />
    </span>
  );
}

const stepWords: Readonly<Record<StepState, string>> = {
  done: ', done',
  skipped: ', left out',
  current: '',
  failed: '',
  ahead: ', not yet',
};

/** On its own page: the same way with a word at each step. */
export function ProblemSteps({ problem }: { problem: Stepping }) {
  const dismissed = problem.state === 'dismissed';
  return (
    <ol className="problem-steps card" aria-label={`State: ${stateWord(problem)}`} data-state={problem.state}>
      {stepsOf(problem).map((step, i) => (
        <li
          key={step.name}
          data-state={step.state}
          data-step={step.name}
          aria-current={step.state === 'current' || step.state === 'failed' ? 'step' : undefined}
        >
          <span className="problem-step-disc" aria-hidden>
            {step.state === 'done' ? (
              <IconCheck size={14} stroke={2.4} />
            ) : step.state === 'failed' ? (
              <IconX size={14} stroke={2.4} />
            ) : (
              i + 1
            )}
          </span>
          <span className="problem-step-word">
            {step.word}
            <span className="visually-hidden">{stepWords[step.state]}</span>
          </span>
        </li>
      ))}
      {dismissed ? (
        <li className="problem-steps-dismissed">
          <StateGlyph state="inactive" word="dismissed: not worth planning" />
        </li>
      ) : null}
    </ol>
  );
}
