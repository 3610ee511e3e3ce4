import type { Migration } from 'kysely';

export const alerts: Migration = {
  up: () => Promise.resolve(),
};
