import { ActionIcon } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';

interface SidePanelProps {
  title: ReactNode;
  /** For assistive technology. */
  label: string;
  onClose: () => void;
  children: ReactNode;
  /** px; the whole width on a phone. */
  width?: number;
  /** Buttons in the head, before the close button. */
  actions?: ReactNode;
}

/**
 * Context beside a list, without covering it: the list stays usable. Escape closes it; the focus moves in when
 * it opens and back when it closes.
 */
export function SidePanel({ title, label, onClose, children, width = 520, actions }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);
  const phone = useMediaQuery('(max-width: 48em)');
  useHotkeys([['Escape', onClose]]);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <aside
      ref={panel}
      className="side-panel"
      aria-label={label}
      tabIndex={-1}
      style={phone ? undefined : { width }}
    >
      <div className="side-panel-head">
        <div className="side-panel-title">{title}</div>
        {actions}
        <ActionIcon variant="subtle" aria-label="Close" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <div className="side-panel-body">{children}</div>
    </aside>
  );
}
