import { json, Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../src/lib/cursor.js';
import type { Clock } from '../src/lib/clock.js';
import { BadInput } from '../src/lib/errors.js';
import { instant } from '../src/lib/time-range.js';
import type { Alert as AlertState } from '../src/model/alerts.js';
import { recentAlerts } from '../src/store/state/alerts.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { findUserByEmail } from '../src/store/state/accounts.js';
import { incidentsByIds, listIncidents } from '../src/store/state/incidents.js';
import { countNotifications, listNotifications } from '../src/store/state/notifications.js';
import type { Access, Principal } from '../src/http/access.js';
import type { List } from '../src/http/contract/common.js';
import {
  IncidentAssign,
  IncidentComment,
  IncidentsQuery,
  type Alert,
  type Incident,
  type IncidentDetail,
  NotificationsQuery,
  type Notification,
  type Notifier,
  type Rule,
  type Rules,
} from '../src/http/contract/incidents.js';
import { parse } from '../src/http/validate.js';
import type { Alerts } from './alerts.js';
import { incidentDetail, withAlerts } from './incidents/read.js';
import { alertView, notificationView, time } from './incidents/view.js';
import type { Rule as LoadedRule } from './rules/rule.js';
import { graverFirst } from './state/order.js';

export interface AlertRoutesDeps {
  readonly access: Access;
  readonly alerts: Alerts;
  readonly state: StateDatabase;
  readonly clock: Clock;
}

/** Resolved alerts stay in the list for as long as Prometheus keeps them. */
const resolvedRetentionMs = 15 * 60_000;
const maxAlerts = 1000;
const dayMs = 86_400_000;
const defaultLimit = 50;

/** Alerts, rules, incidents, and what was sent about them. */
export function alertRoutes(deps: AlertRoutesDeps): Router {
  const router = Router();
  const { access, alerts, state } = deps;
  const viewer = access.role('viewer');
  router.get('/api/alerts', viewer, async (_request, response) => {
    response.json(await listAlerts(deps));
  });
  router.get('/api/rules', viewer, (_request, response) => {
    response.json(listRules(alerts));
  });
  router.get('/api/incidents', viewer, async (request, response) => {
    response.json(await incidentsPage(deps, request));
  });
  router.get('/api/incidents/:id', viewer, async (request, response) => {
    response.json(await detail(state, idOf(request)));
  });
  router.get('/api/notifications', viewer, async (request, response) => {
    response.json(await notificationsPage(state, request));
  });
  router.get('/api/notifiers', viewer, async (_request, response) => {
    response.json(await listNotifiers(deps));
  });
  router.post('/api/notifiers/:name/test', access.role('admin'), async (request, response) => {
    const name = parse(z.string(), request.params['name']);
    const sent: Notification = notificationView(await alerts.testNotifier(name));
    response.json(sent);
  });
  actionRoutes(router, deps);
  return router;
}

function actionRoutes(router: Router, { access, alerts, state }: AlertRoutesDeps): void {
  const responder = access.role('responder');
  const body = json({ limit: '64kb' });
  router.post('/api/incidents/:id/acknowledge', responder, async (request, response) => {
    await alerts.incidents.acknowledge(idOf(request), actorOf(response));
    response.json(await detail(state, idOf(request)));
  });
  router.post('/api/incidents/:id/assign', responder, body, async (request, response) => {
    const { assignee } = parse(IncidentAssign, request.body);
    if (assignee !== null && (await findUserByEmail(state, assignee)) === undefined) {
      throw new BadInput('bad_request', `Nobody here has the address ${assignee}: see Settings > Users.`);
    }
    await alerts.incidents.assign(idOf(request), assignee, actorOf(response));
    response.json(await detail(state, idOf(request)));
  });
  router.post('/api/incidents/:id/comment', responder, body, async (request, response) => {
    const { text } = parse(IncidentComment, request.body);
    await alerts.incidents.comment(idOf(request), text, actorOf(response));
    response.json(await detail(state, idOf(request)));
  });
  router.post('/api/incidents/:id/resolve', responder, async (request, response) => {
    await alerts.incidents.resolve(idOf(request), actorOf(response));
    response.json(await detail(state, idOf(request)));
  });
}

function idOf(request: Request): string {
  return parse(z.string().max(100), request.params['id']);
}

function actorOf(response: Response): string {
  const principal = response.locals['principal'] as Principal | undefined; // Put there by access.role().
  return principal?.name ?? 'somebody';
}

async function detail(state: StateDatabase, id: string): Promise<IncidentDetail> {
  const found = await incidentDetail(state, id);
  if (found === undefined) throw new BadInput('not_found', 'There is no incident with this id.');
  return found;
}

async function listAlerts({ state, clock }: AlertRoutesDeps): Promise<List<Alert>> {
  const recent = await recentAlerts(state, clock.now() - resolvedRetentionMs, maxAlerts + 1);
  const items = recent.slice(0, maxAlerts).sort(graverFirst).map(alertView);
  const partial =
    recent.length > maxAlerts ? { partial: `Only the newest ${maxAlerts} alerts are here.` } : {};
  return { items, nextCursor: null, ...partial };
}

async function incidentsPage({ state, clock }: AlertRoutesDeps, request: Request): Promise<List<Incident>> {
  const query = parse(IncidentsQuery, request.query);
  const limit = query.limit ?? defaultLimit;
  const now = clock.now();
  const incidents = await listIncidents(state, {
    state: query.state,
    service: query.service,
    from: instant('from', query.from, now),
    to: instant('to', query.to, now),
    before: decodeCursor(query.cursor),
    limit: limit + 1,
  });
  const page = incidents.slice(0, limit);
  const last = incidents.length > limit ? page.at(-1) : undefined;
  return {
    items: await withAlerts(state, page),
    nextCursor: last ? encodeCursor({ at: last.openedAt, id: last.id }) : null,
  };
}

async function notificationsPage(state: StateDatabase, request: Request): Promise<List<Notification>> {
  const { notifier, status, ...query } = parse(NotificationsQuery, request.query);
  const limit = query.limit ?? defaultLimit;
  const before = decodeCursor(query.cursor);
  const found = await listNotifications(state, { notifier, status, before, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const ids = new Set(page.flatMap(({ incidentId }) => incidentId ?? []));
  const incidents = await incidentsByIds(state, [...ids]);
  const numbers = new Map(incidents.map(({ id, number }) => [id, number]));
  return {
    items: page.map((message) => ({
      ...notificationView(message),
      incidentNumber: numbers.get(message.incidentId ?? '') ?? null,
    })),
    nextCursor: last ? encodeCursor({ at: last.createdAt, id: last.id }) : null,
  };
}

async function listNotifiers({ alerts, state, clock }: AlertRoutesDeps): Promise<List<Notifier>> {
  const counts = await countNotifications(state, clock.now() - dayMs);
  const items = alerts.notifiers.map(async ({ name, kind, target, sendResolved }) => {
    const [last] = await listNotifications(state, { notifier: name, limit: 1 });
    const count = (status: string): number => counts.get(`${name} ${status}`) ?? 0;
    return {
      ...{ name, kind, target, sendResolved, last: last ? notificationView(last) : null },
      ...{ sent: count('sent'), failed: count('failed'), pending: count('pending') },
    };
  });
  return { items: await Promise.all(items), nextCursor: null };
}

function listRules(alerts: Alerts): Rules {
  const { rules, fileErrors, health, live } = alerts.rules();
  return {
    items: rules.map((rule) => ruleView(rule, live.get(rule.id) ?? [], health.get(rule.id))),
    fileErrors: fileErrors.map(({ file, line, message }) => ({ file, line, message })),
  };
}

function ruleView(
  rule: LoadedRule,
  live: readonly AlertState[],
  health: { readonly at: number; readonly ms: number; readonly error: string | null } | undefined,
): Rule {
  const firing = live.some(({ state }) => state === 'firing');
  const { name, group, file, line, kind, expression, forMs, threshold } = rule;
  const annotations = Object.entries(rule.annotations).map(([key, { source }]) => [key, source]);
  return {
    ...{ name, group, file, line, kind, expression, forMs, threshold },
    labels: { ...rule.labels },
    annotations: Object.fromEntries(annotations) as Record<string, string>,
    state: firing ? 'firing' : live.length > 0 ? 'pending' : 'inactive',
    alerts: live.length,
    lastEvaluationAt: health ? time(health.at) : null,
    lastEvaluationMs: health?.ms ?? null,
    lastError: health?.error ?? null,
  };
}
