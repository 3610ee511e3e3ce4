import { Link } from '@tanstack/react-router';
import { IconTag } from '@tabler/icons-react';

/** A version, in violet; a link to its release when the release is known. */
export function Version({ version, releaseId }: { version: string; releaseId?: string | null | undefined }) {
  if (version === '') return <span className="muted">–</span>;
  const inside = (
    <>
      <IconTag size={14} aria-hidden />
      <span className="clip">{version}</span>
    </>
  );
  return releaseId == null ? (
    <span className="version" title={version}>
      {inside}
    </span>
  ) : (
    <Link to="/releases/$id" params={{ id: releaseId }} className="version" title={version}>
      {inside}
    </Link>
  );
}
