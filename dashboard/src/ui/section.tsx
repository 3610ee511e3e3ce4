import { useId, type ReactNode } from 'react';

interface SectionProps {
  title: string;
  /** Beside the heading, small: a count, what the numbers mean. */
  note?: ReactNode;
  /** At the right end: a link to more. */
  more?: ReactNode;
  children: ReactNode;
}

/** A part of a page under its own heading. */
export function Section({ title, note, more, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
        {note === undefined ? null : <span className="muted small">{note}</span>}
        {more === undefined ? null : <span className="section-more small">{more}</span>}
      </div>
      {children}
    </section>
  );
}
