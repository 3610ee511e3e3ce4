import { storableText } from '../../src/lib/text.js';
import type { Alert } from '../../src/model/alerts.js';
import type { Place } from '../../src/model/releases.js';

/** Where an alert's service runs: what an incident is open at. */
export function placeOf(alert: Pick<Alert, 'labels'>): Place {
  const { service = '', environment = '' } = alert.labels;
  return { service: storableText(service), environment: storableText(environment) };
}
