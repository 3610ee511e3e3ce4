import { Link } from '@tanstack/react-router';
import type { Verification } from '../../../../src/http/contract/problems.js';
import { span } from '../../time/format.js';
import { useNow } from '../../time/use-now.js';
import { Ago } from '../../ui/ago.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';

const looks: Readonly<Record<Verification['state'], { glyph: GlyphState; word: string }>> = {
  watching: { glyph: 'release', word: 'being watched' },
  verified: { glyph: 'healthy', word: 'verified' },
  regressed: { glyph: 'critical', word: 'regressed' },
  inconclusive: { glyph: 'inactive', word: 'inconclusive' },
};

/** What was seen of the fix in production, with the numbers; while it is watched, for how long still. */
export function ProblemVerification({ verification }: { verification: Verification }) {
  const now = useNow();
  const { glyph, word } = looks[verification.state];
  const started = Date.parse(verification.startedAt);
  const until = Date.parse(verification.watchUntil);
  const share = until > started ? Math.min(1, Math.max(0, (now - started) / (until - started))) : 1;
  const left = until - now;
  return (
    <section className="card problem-verification" data-state={verification.state} aria-label="Verification">
      <p className="problem-verification-head">
        <StateGlyph state={glyph} word={word} />
        <span>
          {verification.service}{' '}
          <Link to="/releases/$id" params={{ id: verification.releaseId }} className="version">
            {verification.version}
          </Link>
        </span>
        <span className="muted small problem-verification-when">
          {verification.decidedAt === null ? (
            <Ago at={verification.startedAt} prefix="since " />
          ) : (
            <Ago at={verification.decidedAt} prefix="decided " />
          )}
        </span>
      </p>
      <p className="problem-verification-sentence">{verification.sentence}</p>
      {verification.evidence.length === 0 ? null : (
        <ul>
          {verification.evidence.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {verification.state === 'watching' ? (
        <div className="problem-watch">
          <progress max={1} value={share} aria-label="How much of the time to watch is over" />
          <span className="muted small num">
            {left > 0 ? `${span(left)} to go` : 'the time is over, the decision follows'}
          </span>
        </div>
      ) : null}
    </section>
  );
}
