import { Modal, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';

/** What they saw; click for its full size. */
export function Screenshot({ url }: { url: string }) {
  const [opened, modal] = useDisclosure(false);
  const [gone, setGone] = useState(false);
  if (gone) return <p className="muted">The screenshot could not be loaded.</p>;
  return (
    <>
      <UnstyledButton
        className="screenshot"
        onClick={modal.open}
        aria-label="Show the screenshot in full size"
      >
        <img src={url} alt="What they saw" loading="lazy" onError={() => setGone(true)} />
      </UnstyledButton>
      <Modal opened={opened} onClose={modal.close} size="auto" title="What they saw">
        <img src={url} alt="What they saw, in full size" className="screenshot-full" />
      </Modal>
    </>
  );
}
