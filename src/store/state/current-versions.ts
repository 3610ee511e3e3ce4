import type { StateDatabase } from './connect.js';

/** Which version runs where, as releases know it; at most 5,000 places. */
export function currentVersions(database: StateDatabase) {
  return {
    async current(environment: string | undefined) {
      let query = database
        .selectFrom('releases')
        .select(['service', 'environment', 'version', 'happened_at'])
        .where('is_current', '=', 1);
      if (environment !== undefined) query = query.where('environment', '=', environment);
      const rows = await query.limit(5000).execute();
      return rows.map(({ happened_at: since, ...place }) => ({ ...place, since }));
    },
  };
}
