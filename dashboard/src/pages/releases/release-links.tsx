import {
  IconArticle,
  IconMessageCircle,
  IconTimeline,
  IconTimelineEventExclamation,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Release } from '../../../../src/http/contract/changes.js';
import { term } from '../../api/query-term.js';
import { absoluteRange } from '../../time/range.js';
import { useNow } from '../../time/use-now.js';
import { releaseWindow } from './release-window.js';

/** What this very version wrote, did and heard. */
export function ReleaseLinks({ release }: { release: Release }) {
  const range = absoluteRange(releaseWindow(release, useNow()));
  const { service, version } = release;
  const query = term('version', version);
  return (
    <nav className="incident-links card" aria-label="Where to look next">
      <Link to="/traces" search={{ ...range, service, query }}>
        <IconTimeline size={18} stroke={1.6} aria-hidden />
        Its requests
      </Link>
      <Link to="/traces" search={{ ...range, service, query, status: 'error' }}>
        <IconTimelineEventExclamation size={18} stroke={1.6} aria-hidden />
        Its failed requests
      </Link>
      <Link to="/logs" search={{ ...range, query: `${term('service', service)} ${query}` }}>
        <IconArticle size={18} stroke={1.6} aria-hidden />
        Its logs
      </Link>
      <Link to="/feedback" search={{ version }}>
        <IconMessageCircle size={18} stroke={1.6} aria-hidden />
        What people said of {version}
      </Link>
    </nav>
  );
}
