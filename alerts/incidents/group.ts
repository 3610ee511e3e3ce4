import type { Alert } from '../../src/model/alerts.js';

/** A service in an environment: what an incident is open at. */
export interface Place {
  readonly service: string;
  readonly environment: string;
}

/**
 * Where an alert belongs. Alerts of one place join its open incident; when services that call one another are
 * to share an incident, this is where their places are brought together.
 */
export function placeOf(alert: Pick<Alert, 'labels'>): Place {
  return { service: alert.labels['service'] ?? '', environment: alert.labels['environment'] ?? '' };
}

export function placeKey(place: Place): string {
  return JSON.stringify([place.service, place.environment]);
}
