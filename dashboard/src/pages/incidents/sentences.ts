import type { Incident } from '../../../../src/http/contract/incidents.js';
import { span } from '../../time/format.js';

type Counted = Pick<Incident, 'state' | 'severity' | 'services'>;

/** What the overview says: `2 incidents are open, 1 of them critical: checkout, cart.` */
export function whatIsWrong(incidents: readonly Counted[], more: boolean): string {
  const active = incidents.filter(({ state }) => state !== 'resolved');
  if (active.length === 0) return 'Nothing that a rule watches is wrong.';
  const critical = active.filter(({ severity }) => severity === 'critical').length;
  const many = `${active.length}${more ? '+' : ''}`;
  const start = active.length === 1 ? '1 incident is active' : `${many} incidents are active`;
  const services = [...new Set(active.flatMap((incident) => incident.services))];
  const where = services.length === 0 ? '' : `: ${namesOf(services)}`;
  if (critical === 0) return `${start}${where}.`;
  const grave =
    active.length === 1
      ? 'and critical'
      : critical === active.length
        ? `${critical === 2 ? 'both' : 'all'} of them critical`
        : `${critical} of them critical`;
  return active.length === 1 ? `1 incident is active ${grave}${where}.` : `${start}, ${grave}${where}.`;
}

/** `a`, `a and b`, `a, b and 3 others`. */
export function namesOf(names: readonly string[], show = 3): string {
  const [first = '', second = ''] = names;
  if (names.length <= 1) return first;
  if (names.length === 2) return `${first} and ${second}`;
  if (names.length <= show) return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  const others = names.length - show + 1;
  return `${names.slice(0, show - 1).join(', ')} and ${others} others`;
}

/** How long it has lasted, or lasted. `now` is Unix ms. */
export function lasting(incident: Pick<Incident, 'openedAt' | 'resolvedAt'>, now: number): string {
  const opened = Date.parse(incident.openedAt);
  const end = incident.resolvedAt === null ? now : Date.parse(incident.resolvedAt);
  return span(Math.max(0, end - opened));
}

/** When it began to be wrong, Unix ms: an incident opens only after that has held for a while. */
export function began({ openedAt, alerts }: Pick<Incident, 'openedAt' | 'alerts'>): number {
  const seen = alerts.flatMap(({ activeAt }) => (activeAt === null ? [] : [Date.parse(activeAt)]));
  return Math.min(Date.parse(openedAt), ...seen);
}

/** `3 min before`, `2 min after`: where a deploy lies from the beginning. Both Unix ms. */
export function deployDistance(beganAt: number, deployedAt: number): string {
  const between = beganAt - deployedAt;
  return between >= 0 ? `${span(between)} before` : `${span(-between)} after`;
}

/** `checkout 1.4.0 was deployed 3 min before`; null when no deploy is known, or the sentence says it already. */
export function deployBefore(
  incident: Pick<Incident, 'openedAt' | 'lastDeploy' | 'alerts' | 'summary'>,
): string | null {
  const deploy = incident.lastDeploy;
  if (!deploy || incident.summary.includes(`${deploy.version} was deployed`)) return null;
  const distance = deployDistance(began(incident), Date.parse(deploy.at));
  return `${deploy.service} ${deploy.version} was deployed ${distance}`;
}
