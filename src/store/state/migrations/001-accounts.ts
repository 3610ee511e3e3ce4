import type { Migration } from 'kysely';

export const accounts: Migration = {
  up: () => Promise.resolve(),
};
