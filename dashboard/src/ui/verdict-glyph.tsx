import type { VerdictBrief } from '../../../src/http/contract/verdicts.js';
import { useNow } from '../time/use-now.js';
import { StateGlyph, type GlyphState } from './state-glyph.js';
import { verdictWord } from './verdict-word.js';

const glyphs: Readonly<Record<VerdictBrief['state'], GlyphState>> = {
  healthy: 'healthy',
  degraded: 'critical',
  inconclusive: 'unclear',
  baking: 'waiting',
  none: 'inactive',
};

interface VerdictGlyphProps {
  /** Undefined, of an older server, shows nothing. */
  verdict: VerdictBrief | undefined;
  /** Draws the glyph only; the word is still read out. */
  bare?: boolean;
  size?: number;
}

/** What a release did, in a glyph and a word; the sentence on hover. */
export function VerdictGlyph({ verdict, bare = false, size = 16 }: VerdictGlyphProps) {
  const now = useNow();
  if (verdict === undefined) return null;
  const word = verdictWord(verdict, now);
  return (
    <span className="verdict-glyph" title={verdict.sentence === '' ? undefined : verdict.sentence}>
      <StateGlyph state={glyphs[verdict.state]} word={word} bare={bare} size={size} />
    </span>
  );
}
