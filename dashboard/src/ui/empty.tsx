import type { ReactNode } from 'react';
import { CopyLine } from './copy-line.js';

interface EmptyProps {
  /** What is not there, as a sentence. */
  title: string;
  /** How to get the first data, or how to look elsewhere. */
  children?: ReactNode;
  /** A line to copy that brings the first data. */
  line?: string;
  action?: ReactNode;
}

export function Empty({ title, children, line, action }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <div className="empty-text">{children}</div>}
      {line === undefined ? null : <CopyLine text={line} block={line.includes('\n')} />}
      {action}
    </div>
  );
}
