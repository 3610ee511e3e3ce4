import type { StateDatabase } from './connect.js';
import { recordDelivery } from './deliveries.js';

/** Which webhook deliveries were worked off. A note is made after the work: a failed one can be sent again. */
export interface DeliveryLog {
  seen(source: string, id: string): Promise<boolean>;
  remember(source: string, id: string, at: number): Promise<void>;
}

export function deliveryLog(db: StateDatabase): DeliveryLog {
  return {
    seen: async (source, id) => {
      const row = await db
        .selectFrom('webhook_deliveries')
        .select('at')
        .where('source', '=', source)
        .where('delivery_id', '=', id)
        .executeTakeFirst();
      return row !== undefined;
    },
    remember: async (source, id, at) => {
      await recordDelivery(db, { source, deliveryId: id, at });
    },
  };
}
