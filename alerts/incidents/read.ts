import { groupBy } from '../../src/lib/group-by.js';
import type { Incident } from '../../src/model/incidents.js';
import { alertsOfIncidents } from '../../src/store/state/alerts.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { timelineOf } from '../../src/store/state/incident-timeline.js';
import { incidentsByIds } from '../../src/store/state/incidents.js';
import { suspectBriefs } from '../../src/store/state/suspects.js';
import { notificationsOf } from '../../src/store/state/notifications.js';
import {
  incidentView,
  notificationView,
  timelineView,
  type IncidentView,
  type NotificationView,
  type TimelineView,
} from './view.js';

/** What a page shows of an incident's alerts at most: the newest. */
const maxAlertsShown = 200;
const maxTimeline = 1000;

/** Incidents with their alerts, in the order given. */
export async function withAlerts(
  state: StateDatabase,
  incidents: readonly Incident[],
): Promise<IncidentView[]> {
  const ids = incidents.map(({ id }) => id);
  const alerts = groupBy(await alertsOfIncidents(state, ids, maxAlertsShown), ({ incidentId }) => incidentId);
  const suspects = await suspectBriefs(state, ids);
  return incidents.map((incident) =>
    incidentView(incident, alerts.get(incident.id) ?? [], suspects.get(incident.id)?.suspect ?? null),
  );
}

export interface IncidentDetailView extends IncidentView {
  timeline: TimelineView[];
  notifications: NotificationView[];
}

/** Everything about one incident; undefined when it is not there. */
export async function incidentDetail(
  state: StateDatabase,
  id: string,
): Promise<IncidentDetailView | undefined> {
  const [view] = await withAlerts(state, await incidentsByIds(state, [id]));
  if (view === undefined) return undefined;
  const timeline = await timelineOf(state, id, maxTimeline);
  const notifications = await notificationsOf(state, id);
  return {
    ...view,
    timeline: timeline.map(timelineView),
    notifications: notifications.map(notificationView),
  };
}
