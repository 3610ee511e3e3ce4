import type { Alert } from '../../src/model/alerts.js';

/** A service in an environment: what an incident is open at. */
export interface Place {
  readonly service: string;
  readonly environment: string;
}

export function placeOf(alert: Pick<Alert, 'labels'>): Place {
  const { service = '', environment = '' } = alert.labels;
  return { service: storable(service), environment: storable(environment) };
}

/**
 * The same for a place as telemetry names it and as the state database gives it back, which keeps no NUL: a key
 * that differed would not find the incident that is open there.
 */
export function placeKey({ service, environment }: Place): string {
  return JSON.stringify([storable(service), storable(environment)]);
}

function storable(name: string): string {
  return name.replaceAll('\0', '\ufffd');
}
