import { Pill } from '@mantine/core';

/** What narrows the page besides its controls, e.g. a service that a link brought along; removable. */
export function Narrowed({
  name,
  value,
  onRemove,
}: {
  name: string;
  value: string | undefined;
  onRemove: () => void;
}) {
  if (value === undefined) return null;
  return (
    <Pill
      withRemoveButton
      size="md"
      onRemove={onRemove}
      removeButtonProps={{ 'aria-label': `Any ${name}`, 'aria-hidden': false, tabIndex: 0 }}
    >
      {name}: {value}
    </Pill>
  );
}
