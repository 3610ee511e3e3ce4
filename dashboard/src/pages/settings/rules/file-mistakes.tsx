import type { Rules } from '../../../../../src/http/contract/incidents.js';
import { StateGlyph } from '../../../ui/state-glyph.js';

/** Above the rules: the files have mistakes, so what runs is older than what is written there. */
export function FileMistakes({ mistakes }: { mistakes: Rules['fileErrors'] }) {
  if (mistakes.length === 0) return null;
  const many = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
  return (
    <div className="rule-mistakes" role="alert">
      <StateGlyph state="critical" word="not read" />
      <div>
        <p>
          The rule files have {many}. Until that is mended the rules below go on as they were; a file that is
          saved is read again by itself.
        </p>
        <ul>
          {mistakes.map(({ file, line, message }) => (
            <li key={`${file} ${String(line)} ${message}`}>
              <code>
                {file}
                {line === null ? '' : `:${line}`}
              </code>{' '}
              {message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
