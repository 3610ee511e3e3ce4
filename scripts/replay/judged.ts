import type { Alert } from '../../src/model/alerts.js';
import type { IncidentView } from '../../alerts/incidents/view.js';
import type { Incident } from '../../src/http/contract/incidents.js';
import type { Fault } from './faults.js';

/** A moment: when it was recorded, and where the replay put it. RFC 3339. */
export interface Moment {
  readonly recorded: string;
  readonly replayed: string;
}

export interface FiredAlert {
  readonly rule: string;
  readonly service: string;
  readonly severity: string;
  readonly fired: Moment;
  /** Null: it fired until the end. */
  readonly resolved: Moment | null;
  readonly sentence: string;
  readonly reason: string;
  readonly incident: number | null;
}

export interface OpenedIncident {
  readonly number: number;
  readonly title: string;
  readonly summary: string;
  readonly services: readonly string[];
  readonly opened: Moment;
  readonly resolved: Moment | null;
  readonly alerts: number;
  /** The most probable one, when it was judged. */
  readonly suspect: Incident['suspect'] | null;
}

export interface FaultSeen {
  readonly at: Moment;
  readonly service: string;
  readonly kind: string;
  /** Alerts that fired in the minutes after it, those on its own service first. */
  readonly alerts: readonly {
    readonly rule: string;
    readonly service: string;
    readonly afterSeconds: number;
  }[];
  readonly onItsService: boolean;
}

type JudgedIncident = IncidentView & Pick<Incident, 'suspect'>;

/** What the rules made of a recording. */
export interface Judged {
  readonly rules: number;
  readonly evaluations: number;
  readonly stepSeconds: number;
  /** Rules that could not be evaluated at some time, and why. */
  readonly failed: Readonly<Record<string, string>>;
  readonly fired: readonly FiredAlert[];
  readonly incidents: readonly OpenedIncident[];
  readonly faults: readonly FaultSeen[];
  /** Alerts that fired in no fault's minutes. */
  readonly besideFaults: number;
}

/** A window of 5 min and a minute of `for` after a fault of two or three minutes: what fires later is another matter. */
const afterFaultMs = 8 * 60_000;

/** Holds what fired against the faults. Pure; `shiftMs` is what the replay added to recorded times. */
export function held(
  {
    alerts,
    incidents,
    faults,
  }: { alerts: readonly Alert[]; incidents: readonly JudgedIncident[]; faults: readonly Fault[] },
  shiftMs: number,
): Pick<Judged, 'fired' | 'incidents' | 'faults' | 'besideFaults'> {
  const moment = (replayed: number): Moment => ({
    recorded: new Date(replayed - shiftMs).toISOString(),
    replayed: new Date(replayed).toISOString(),
  });
  const numbers = new Map(incidents.map(({ id, number }) => [id, number]));
  const firing = alerts
    .filter(({ firedAt }) => firedAt !== null)
    .sort((a, b) => (a.firedAt ?? 0) - (b.firedAt ?? 0));
  const seen = faults.map((fault) => faultSeen(fault, firing, { shiftMs, moment }));
  const near = (at: number): boolean =>
    faults.some((fault) => at - shiftMs >= fault.at && at - shiftMs <= fault.at + afterFaultMs);
  return {
    fired: firing.map((alert) => ({
      rule: alert.rule,
      service: alert.labels['service'] ?? '',
      severity: alert.labels['severity'] ?? '',
      fired: moment(alert.firedAt ?? alert.activeAt),
      resolved: alert.resolvedAt === null ? null : moment(alert.resolvedAt),
      sentence: alert.sentence,
      reason: alert.reason,
      incident: alert.incidentId === null ? null : (numbers.get(alert.incidentId) ?? null),
    })),
    incidents: incidents.map((incident) => ({
      number: incident.number,
      title: incident.title,
      summary: incident.summary,
      services: incident.services,
      opened: moment(Date.parse(incident.openedAt)),
      resolved: incident.resolvedAt === null ? null : moment(Date.parse(incident.resolvedAt)),
      alerts: incident.alerts.length,
      suspect: incident.suspect ?? null,
    })),
    faults: seen,
    besideFaults: firing.filter(({ firedAt }) => !near(firedAt ?? 0)).length,
  };
}

function faultSeen(
  fault: Fault,
  firing: readonly Alert[],
  { shiftMs, moment }: { shiftMs: number; moment: (replayed: number) => Moment },
): FaultSeen {
  const at = fault.at + shiftMs;
  const after = firing
    .map((alert) => ({
      rule: alert.rule,
      service: alert.labels['service'] ?? '',
      afterSeconds: Math.floor(((alert.firedAt ?? 0) - at) / 1000),
    }))
    .filter(({ afterSeconds }) => afterSeconds >= 0 && afterSeconds * 1000 <= afterFaultMs)
    .sort((a, b) => Number(b.service === fault.service) - Number(a.service === fault.service));
  return {
    at: moment(at),
    service: fault.service,
    kind: fault.kind,
    alerts: after,
    onItsService: after.some(({ service }) => service === fault.service),
  };
}
