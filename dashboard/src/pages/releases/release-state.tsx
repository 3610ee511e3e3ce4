import type { Release } from '../../../../src/http/contract/changes.js';
import { StateGlyph } from '../../ui/state-glyph.js';

/** Where it stands: on its way, running now, replaced, or failed. */
export function ReleaseState({ release }: { release: Pick<Release, 'status' | 'current'> }) {
  if (release.status === 'failed') return <StateGlyph state="critical" word="failed" />;
  if (release.status === 'canceled') return <StateGlyph state="inactive" word="canceled" />;
  if (release.status === 'started') return <StateGlyph state="information" word="on its way" />;
  return release.current ? (
    <StateGlyph state="release" word="runs now" />
  ) : (
    <StateGlyph state="inactive" word="replaced" />
  );
}
