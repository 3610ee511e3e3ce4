import { useState } from 'react';

export interface Selection {
  readonly ids: readonly string[];
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  clear: () => void;
}

/** As many as the API takes at once. */
const max = 200;

/** What was ticked; it belongs to the moment and not to the URL. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<readonly string[]>([]);
  return {
    ids,
    has: (id) => ids.includes(id),
    toggle: (id) =>
      setIds((old) => (old.includes(id) ? old.filter((one) => one !== id) : [...old, id].slice(-max))),
    clear: () => setIds([]),
  };
}
