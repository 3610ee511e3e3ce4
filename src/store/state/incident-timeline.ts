import type { Insertable, Selectable } from 'kysely';
import { chunks } from '../../lib/chunks.js';
import type { TimelineEntry, TimelineKind } from '../../model/incidents.js';
import type { StateDatabase } from './connect.js';
import type { IncidentTimelineTable } from './schema/alerts.js';

export async function addTimeline(database: StateDatabase, entries: readonly TimelineEntry[]): Promise<void> {
  for (const some of chunks(entries, 1000)) {
    await database.insertInto('incident_timeline').values(some.map(fromEntry)).execute();
  }
}

/** Entries that were added before, by their id, stay as they are; those that were new. */
export async function addTimelineOnce(
  database: StateDatabase,
  entries: readonly TimelineEntry[],
): Promise<TimelineEntry[]> {
  const added: TimelineEntry[] = [];
  for (const entry of entries) {
    const result = await database
      .insertInto('incident_timeline')
      .values(fromEntry(entry))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    if (Number(result.numInsertedOrUpdatedRows ?? 0) > 0) added.push(entry);
  }
  return added;
}

/** Adds an entry, or says it anew where it stands; false when it says that already. */
export async function putTimeline(database: StateDatabase, entry: TimelineEntry): Promise<boolean> {
  const row = fromEntry(entry);
  const result = await database
    .insertInto('incident_timeline')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ at: row.at, text: row.text, data: row.data })
        .where('incident_timeline.data', '!=', row.data),
    )
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Oldest first; the newest `limit` of them. */
export async function timelineOf(
  database: StateDatabase,
  incidentId: string,
  limit: number,
): Promise<TimelineEntry[]> {
  const rows = await database
    .selectFrom('incident_timeline')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map(toEntry);
}

function fromEntry(entry: TimelineEntry): Insertable<IncidentTimelineTable> {
  return {
    id: entry.id,
    incident_id: entry.incidentId,
    at: entry.at,
    kind: entry.kind,
    text: entry.text,
    actor: entry.actor,
    data: JSON.stringify(entry.data),
  };
}

function toEntry(row: Selectable<IncidentTimelineTable>): TimelineEntry {
  return {
    id: row.id,
    incidentId: row.incident_id,
    at: row.at,
    kind: row.kind as TimelineKind, // Written by fromEntry.
    text: row.text,
    actor: row.actor,
    data: JSON.parse(row.data) as Record<string, unknown>, // Written by fromEntry.
  };
}
