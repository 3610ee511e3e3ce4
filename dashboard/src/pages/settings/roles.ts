import type { Role } from '../../../../src/http/contract/accounts.js';

export const roleChoices: readonly { value: Role; label: string }[] = [
  { value: 'viewer', label: 'viewer: looks at everything' },
  { value: 'responder', label: 'responder: also works on incidents' },
  { value: 'admin', label: 'admin: also keys and people' },
];
