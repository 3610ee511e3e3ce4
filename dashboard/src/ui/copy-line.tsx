import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useClipboard } from '@mantine/hooks';

interface CopyLineProps {
  text: string;
  /** What it is, for assistive technology. */
  label?: string;
  /** Keeps the lines of longer text. */
  block?: boolean;
}

/** Text meant for a terminal or a file, with a button that copies it. */
export function CopyLine({ text, label = 'Copy', block = false }: CopyLineProps) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <div className="copy-line" data-block={block || undefined}>
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <Tooltip label={clipboard.copied ? 'Copied' : label}>
        <ActionIcon
          variant="subtle"
          aria-label={clipboard.copied ? 'Copied' : label}
          onClick={() => clipboard.copy(text)}
        >
          {clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
