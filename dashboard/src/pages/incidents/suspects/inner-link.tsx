import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface InnerLinkProps {
  /** A path of ours with its search, as the server says it. */
  href: string;
  className?: string;
  children: ReactNode;
}

/** A link to a page that the server names: opened in place, and in a new tab as any link is. */
export function InnerLink({ href, className, children }: InnerLinkProps) {
  const router = useRouter();
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(href);
  };
  // What is not a path of ours is no link: `//elsewhere` would be another site.
  if (!/^\/(?!\/)/.test(href)) return <span className={className}>{children}</span>;
  return (
    <a href={href} className={className} onClick={open}>
      {children}
    </a>
  );
}
