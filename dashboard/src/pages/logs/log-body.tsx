import { useMemo } from 'react';
import { jsonPieces, prettyJson } from './json-body.js';

/** The message as it was written; JSON laid out and coloured. */
export function LogBody({ body }: { body: string }) {
  const pretty = useMemo(() => prettyJson(body), [body]);
  if (pretty === null) return <pre className="log-message">{body}</pre>;
  return (
    <pre className="log-message">
      {jsonPieces(pretty).map((piece, i) =>
        piece.kind === 'plain' ? (
          piece.text
        ) : (
          // Pieces have no identity but their place, and the whole text is replaced at once.
          <span key={i} className={`json-${piece.kind}`}>
            {piece.text}
          </span>
        ),
      )}
    </pre>
  );
}
