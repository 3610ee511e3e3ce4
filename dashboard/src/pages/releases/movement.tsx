import {
  IconArrowDownRight,
  IconArrowUpRight,
  IconEqual,
  IconQuestionMark,
  type Icon,
} from '@tabler/icons-react';
import type { Measure } from '../../../../src/http/contract/verdicts.js';

const glyphs: Readonly<Record<Measure['movement'], Icon>> = {
  worse: IconArrowUpRight,
  better: IconArrowDownRight,
  same: IconEqual,
  unknown: IconQuestionMark,
};

/** Whether a number became worse, in a glyph and a word; why on hover. */
export function Movement({ measure }: { measure: Measure }) {
  const isFall = measure.name === 'throughput' && measure.movement === 'worse';
  const Glyph = isFall ? IconArrowDownRight : glyphs[measure.movement];
  return (
    <span className="movement" data-movement={measure.movement} title={measure.reason}>
      <Glyph size={16} stroke={2} aria-hidden />
      {measure.movement === 'unknown' ? 'not known' : measure.movement}
    </span>
  );
}
