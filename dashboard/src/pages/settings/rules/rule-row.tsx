import { Link } from '@tanstack/react-router';
import type { Rule } from '../../../../../src/http/contract/incidents.js';
import { duration, join, span } from '../../../time/format.js';
import { Ago } from '../../../ui/ago.js';
import { StateGlyph } from '../../../ui/state-glyph.js';
import { standingGlyphs, standingOf, standingWords } from './rule-states.js';

/** One rule: how it is doing, what it asks, where it stands, and how the last evaluation went. */
export function RuleRow({ rule }: { rule: Rule }) {
  const standing = standingOf(rule);
  const severity = rule.labels['severity'];
  return (
    <li className="rule-row">
      <StateGlyph state={standingGlyphs[standing]} word={standingWords[standing]} />
      <div className="rule-words">
        <p>
          <strong>{rule.name}</strong> <span className="rule-kind">{rule.kind}</span>
          {severity === undefined ? null : <span className="muted small"> {severity}</span>}
        </p>
        <p>
          {rule.expression}
          {rule.forMs > 0 ? `, for ${span(rule.forMs)}` : ''}
        </p>
        {rule.lastError === null ? null : (
          <p className="rule-error">The last evaluation failed: {rule.lastError}</p>
        )}
        <p className="muted small rule-place">
          <code title={rule.file}>
            {shortPath(rule.file)}
            {rule.line === undefined ? '' : `:${rule.line}`}
          </code>
          , group {rule.group}
        </p>
      </div>
      <div className="rule-when muted small">
        {rule.lastEvaluationAt === null ? null : (
          <p>
            <Ago at={rule.lastEvaluationAt} prefix="asked " />
            {rule.lastEvaluationMs === null ? '' : `, took ${join(duration(rule.lastEvaluationMs))}`}
          </p>
        )}
        {rule.alerts === 0 ? null : (
          <p>
            <Link to="/incidents" search={{ state: 'active' }}>
              {rule.alerts === 1 ? '1 alert' : `${rule.alerts} alerts`}
            </Link>
          </p>
        )}
      </div>
    </li>
  );
}

/** The file and its directory: what tells rule files apart. */
function shortPath(file: string): string {
  return file.split('/').slice(-2).join('/');
}
