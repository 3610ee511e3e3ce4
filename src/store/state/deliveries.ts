import type { StateDatabase } from './connect.js';

/** True the first time a source's delivery is seen, false ever after: webhooks are sent at least once. Atomic. */
export async function recordDelivery(
  db: StateDatabase,
  delivery: { readonly source: string; readonly deliveryId: string; readonly at: number },
): Promise<boolean> {
  const row = await db
    .insertInto('webhook_deliveries')
    .values({ source: delivery.source, delivery_id: delivery.deliveryId, at: delivery.at })
    .onConflict((conflict) => conflict.columns(['source', 'delivery_id']).doNothing())
    .returning('at')
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the note back, so that a delivery whose work failed can be sent again. */
export async function forgetDelivery(db: StateDatabase, source: string, deliveryId: string): Promise<void> {
  await db
    .deleteFrom('webhook_deliveries')
    .where('source', '=', source)
    .where('delivery_id', '=', deliveryId)
    .execute();
}

export async function deleteDeliveriesBefore(db: StateDatabase, at: number): Promise<void> {
  await db.deleteFrom('webhook_deliveries').where('at', '<', at).execute();
}
