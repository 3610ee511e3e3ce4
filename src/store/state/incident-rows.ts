import type { Insertable, Selectable } from 'kysely';
import type { Severity } from '../../model/alerts.js';
import type { DeployRef, Incident, IncidentState } from '../../model/incidents.js';
import type { IncidentsTable } from './schema/alerts.js';

export function deployText(deploy: DeployRef | null): string | null {
  return deploy === null ? null : JSON.stringify(deploy);
}

export function fromIncident(incident: Incident): Insertable<IncidentsTable> {
  return {
    id: incident.id,
    number: incident.number,
    title: incident.title,
    state: incident.state,
    severity: incident.severity,
    services: JSON.stringify(incident.services),
    environment: incident.environment,
    opened_at: incident.openedAt,
    acknowledged_at: incident.acknowledgedAt,
    resolved_at: incident.resolvedAt,
    assignee: incident.assignee,
    summary: incident.summary,
    last_deploy: deployText(incident.lastDeploy),
  };
}

export function toIncident(row: Selectable<IncidentsTable>): Incident {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    // Columns below were written by fromIncident.
    state: row.state as IncidentState,
    severity: row.severity as Severity,
    services: JSON.parse(row.services) as string[],
    environment: row.environment,
    openedAt: row.opened_at,
    acknowledgedAt: row.acknowledged_at,
    resolvedAt: row.resolved_at,
    assignee: row.assignee,
    summary: row.summary,
    lastDeploy: row.last_deploy === null ? null : (JSON.parse(row.last_deploy) as DeployRef),
  };
}
