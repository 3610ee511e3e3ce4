import type { ReactNode } from 'react';
import { useEffect } from 'react';

interface PageTitleProps {
  /** The page's question, or its answer as a sentence. */
  children: string;
  /** For the tab; the question itself when left out. */
  tab?: string;
  /** Stands under it: the answer in numbers, or how the page was narrowed. */
  lead?: ReactNode;
  /** Stands above it: where one came from. */
  crumb?: ReactNode;
  actions?: ReactNode;
}

export function PageTitle({ children, tab, lead, crumb, actions }: PageTitleProps) {
  const title = tab ?? children;
  useEffect(() => {
    document.title = `${title} · Lemni`;
  }, [title]);
  return (
    <header className="page-title">
      <div className="page-title-words">
        {crumb === undefined ? null : <div className="page-title-crumb">{crumb}</div>}
        <h1>{children}</h1>
        {lead === undefined ? null : <div className="page-title-lead">{lead}</div>}
      </div>
      {actions === undefined ? null : <div className="page-title-actions">{actions}</div>}
    </header>
  );
}
