import { Skeleton } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

interface PageTitleProps {
  /** The page's question, or its answer as a sentence. */
  children: string;
  /**
   * The answer as a sentence with numbers, large under the question; null while it is not known yet. Without it
   * the question itself is large.
   */
  answer?: string | null | undefined;
  /** For the tab; the question itself when left out. */
  tab?: string;
  /** Stands under it: the answer in numbers, or how the page was narrowed. */
  lead?: ReactNode;
  /** Stands above it: where one came from. */
  crumb?: ReactNode;
  actions?: ReactNode;
}

export function PageTitle({ children, answer, tab, lead, crumb, actions }: PageTitleProps) {
  const title = tab ?? children;
  useEffect(() => {
    document.title = `${title} · Lemni`;
  }, [title]);
  return (
    <header className="page-title">
      <div className="page-title-words">
        {crumb === undefined ? null : <div className="page-title-crumb">{crumb}</div>}
        {answer === undefined ? (
          <h1>{children}</h1>
        ) : (
          <h1>
            <span className="page-title-question">{children} </span>
            <span className="page-title-answer">
              {answer ?? <Skeleton h={14} w="min(420px, 80%)" my={9} />}
            </span>
          </h1>
        )}
        {lead === undefined ? null : <div className="page-title-lead">{lead}</div>}
      </div>
      {actions === undefined ? null : <div className="page-title-actions">{actions}</div>}
    </header>
  );
}
