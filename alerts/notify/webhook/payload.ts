import type { Suspect } from '../../../src/http/contract/suspects.js';
import { cleanText } from '../../../src/lib/text.js';
import type { Alert, Labels } from '../../../src/model/alerts.js';
import { alertView, incidentView, time, type AlertView } from '../../incidents/view.js';
import type { NoticeContent } from '../notifier.js';

/** Standard Webhooks asks for less than 20 kB. */
const maxPayloadBytes = 20_000;
const maxAlerts = 20;
const maxEvidence = 5;

/** `{type, timestamp, data}` (Standard Webhooks): `incident.firing`, `incident.resolved` or `test`. */
export function webhookPayload(content: NoticeContent): string {
  for (let most = Math.min(maxAlerts, content.alerts.length); ; most = Math.floor(most / 2)) {
    const text = JSON.stringify(body(content, most));
    if (most === 0 || Buffer.byteLength(text) <= maxPayloadBytes) return text;
  }
}

function body(content: NoticeContent, most: number): unknown {
  const { event, reopened, at, sequence, incident, alerts, suspect, links } = content;
  const { alerts: _alerts, suspect: _suspect, lastDeploy, ...rest } = incidentView(incident, [], null);
  return {
    type: event === 'test' ? 'test' : `incident.${event}`,
    timestamp: time(at),
    data: {
      sequence,
      /** It was resolved a moment ago and is open again. */
      reopened,
      incident: rest,
      alerts: alerts.slice(0, most).map((alert) => shortened(alert, incident.id)),
      /** Alerts that did not fit. */
      truncatedAlerts: Math.max(0, alerts.length - most),
      lastDeploy,
      suspect: suspect && shortSuspect(suspect),
      links,
    },
  };
}

function shortSuspect({ evidence, ...suspect }: Suspect): unknown {
  return {
    ...suspect,
    evidence: evidence.slice(0, maxEvidence).map(({ kind, text }) => ({ kind, text: cleanText(text, 300) })),
  };
}

/** An alert that just fired joins its incident in the transaction that writes this: it does not know it yet. */
function shortened(alert: Alert, incidentId: string): AlertView {
  const view = alertView(alert);
  return {
    ...view,
    incidentId,
    labels: cut(view.labels),
    annotations: cut(view.annotations),
    reason: cleanText(view.reason, 500),
  };
}

function cut(words: Labels): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([name, text]) => [name, cleanText(text, 500)]));
}
