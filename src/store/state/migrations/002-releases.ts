import type { Migration } from 'kysely';

export const releases: Migration = {
  up: () => Promise.resolve(),
};
