import type { ReleaseDetail } from '../../../../src/http/contract/changes.js';
import { Ago } from '../../ui/ago.js';
import { VerdictGlyph } from '../../ui/verdict-glyph.js';

/** Why the verdict is what it is: the weightiest first. */
export function VerdictReasons({ release }: { release: ReleaseDetail }) {
  const { judgement, verdict } = release;
  if (!judgement) return null;
  return (
    <div className="verdict card" data-state={judgement.state}>
      <p className="verdict-head">
        <VerdictGlyph verdict={verdict} size={20} />
        <span className="muted small">
          {judgement.early === true ? 'said early, since the harm is clear, ' : 'judged '}
          <Ago at={judgement.decidedAt} />
        </span>
      </p>
      <ul className="verdict-reasons">
        {judgement.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}
