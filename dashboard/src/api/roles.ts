import type { Role } from '../../../src/http/contract/accounts.js';

/** Each role may do what those below it may. */
export const roleOrder: Readonly<Record<Role, number>> = { viewer: 0, responder: 1, admin: 2 };
