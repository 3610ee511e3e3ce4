import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconInfoCircleFilled,
  IconEyeCheck,
  IconHelpSquareFilled,
  IconHourglass,
  IconMessageCircleFilled,
  IconPlugConnected,
  IconRocket,
  IconSquareXFilled,
  type Icon,
} from '@tabler/icons-react';

const glyphs = {
  critical: IconSquareXFilled,
  warning: IconAlertTriangleFilled,
  healthy: IconCircleCheckFilled,
  information: IconInfoCircleFilled,
  acknowledged: IconEyeCheck,
  release: IconRocket,
  feedback: IconMessageCircleFilled,
  inactive: IconCircleDashed,
  unconnected: IconPlugConnected,
  unclear: IconHelpSquareFilled,
  waiting: IconHourglass,
} as const satisfies Record<string, Icon>;

export type GlyphState = keyof typeof glyphs;

const colors: Record<GlyphState, string> = {
  critical: 'var(--critical)',
  warning: 'var(--warning)',
  healthy: 'var(--healthy)',
  information: 'var(--information)',
  acknowledged: 'var(--warning)',
  release: 'var(--release)',
  feedback: 'var(--feedback)',
  inactive: 'var(--text-muted)',
  unconnected: 'var(--text-muted)',
  unclear: 'var(--text-muted)',
  waiting: 'var(--release)',
};

interface StateGlyphProps {
  state: GlyphState;
  /** What the state is called; always there, for eyes or for assistive technology. */
  word: string;
  /** Draws the glyph only; the word is still read out. */
  bare?: boolean;
  size?: number;
}

/** Never colour alone: a shape and a word go with it. */
export function StateGlyph({ state, word, bare = false, size = 16 }: StateGlyphProps) {
  const Glyph = glyphs[state];
  return (
    <span className="state-glyph" style={{ color: colors[state] }} title={bare ? word : undefined}>
      <Glyph size={size} aria-hidden />
      <span className={bare ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
