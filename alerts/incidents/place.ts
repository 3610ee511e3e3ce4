import type { Alert } from '../../src/model/alerts.js';

/** A service in an environment: what an incident is open at. */
export interface Place {
  readonly service: string;
  readonly environment: string;
}

export function placeOf(alert: Pick<Alert, 'labels'>): Place {
  return { service: alert.labels['service'] ?? '', environment: alert.labels['environment'] ?? '' };
}

export function placeKey(place: Place): string {
  return JSON.stringify([place.service, place.environment]);
}
