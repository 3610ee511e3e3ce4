import type { Suspect } from '../../src/http/contract/suspects.js';
import type { Alert } from '../../src/model/alerts.js';
import type { Incident } from '../../src/model/incidents.js';

/** Pages of the dashboard, as full addresses. */
export interface NoticeLinks {
  readonly incident: string;
  /** Of the suspect, else of the last deploy; null when neither is known. */
  readonly release: string | null;
  readonly logs: string;
  readonly traces: string;
}

export interface LinkFacts {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly alerts: readonly Alert[];
  readonly suspect: Pick<Suspect, 'releaseId'> | null;
  readonly now: number;
}

const minute = 60_000;
/** Shown before it began, ms. */
const leadMs = 30 * minute;
/** Names in a link; browsers and chats cut addresses that are longer. */
const maxServices = 5;

/** Where to look: the incident, the release that may have caused it, logs and failed requests of the moment. */
export function linksOf(incident: Incident, { publicUrl, alerts, suspect, now }: LinkFacts): NoticeLinks {
  const releaseId = suspect === null ? (incident.lastDeploy?.releaseId ?? null) : suspect.releaseId;
  const began = alerts.reduce((first, { activeAt }) => Math.min(first, activeAt), incident.openedAt);
  const range = {
    from: new Date(Math.floor((began - leadMs) / minute) * minute).toISOString(),
    to: new Date(Math.ceil(((incident.resolvedAt ?? now) + 15 * minute) / minute) * minute).toISOString(),
  };
  const [service] = incident.services;
  const terms = incident.services.slice(0, maxServices).map(term);
  const who = terms.length > 1 ? `(${terms.join(' OR ')})` : (terms[0] ?? '');
  const page = (path: string, search: Readonly<Record<string, string | undefined>>): string => {
    const wanted = Object.entries(search).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `${publicUrl}${path}?${new URLSearchParams(wanted).toString()}`;
  };
  return {
    incident: `${publicUrl}/incidents/${encodeURIComponent(incident.id)}`,
    release: releaseId === null ? null : `${publicUrl}/releases/${encodeURIComponent(releaseId)}`,
    logs: page('/logs', { ...range, query: `${who} level>=warn`.trim() }),
    traces: page('/traces', { ...range, service, status: 'error' }),
  };
}

/** A term of the log query language: the name is quoted unless it is plain. */
function term(service: string): string {
  return `service:${/^[\w.-]+$/.test(service) ? service : JSON.stringify(service)}`;
}
