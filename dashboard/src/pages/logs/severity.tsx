import {
  IconAlertTriangleFilled,
  IconBugFilled,
  IconFlameFilled,
  IconInfoCircleFilled,
  IconMinus,
  IconPointFilled,
  IconSquareXFilled,
  type Icon,
} from '@tabler/icons-react';
import { severityWords, type SeverityBand } from './severity-band.js';

const glyphs: Readonly<Record<SeverityBand, Icon>> = {
  fatal: IconFlameFilled,
  error: IconSquareXFilled,
  warn: IconAlertTriangleFilled,
  info: IconInfoCircleFilled,
  debug: IconBugFilled,
  trace: IconPointFilled,
  unset: IconMinus,
};

const colors: Readonly<Record<SeverityBand, string>> = {
  fatal: 'var(--critical)',
  error: 'var(--critical)',
  warn: 'var(--warning)',
  info: 'var(--information)',
  debug: 'var(--text-muted)',
  trace: 'var(--text-muted)',
  unset: 'var(--text-muted)',
};

/** A shape and a word for a severity; `bare` draws the shape only, the word is still read out. */
export function Severity({
  band,
  text,
  bare = false,
}: {
  band: SeverityBand;
  text?: string;
  bare?: boolean;
}) {
  const Glyph = glyphs[band];
  const word = text === undefined || text === '' ? severityWords[band] : text;
  return (
    <span className="state-glyph" style={{ color: colors[band] }} title={bare ? word : undefined}>
      <Glyph size={14} aria-hidden />
      <span className={bare ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
