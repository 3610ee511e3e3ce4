import { messageOf } from '../src/lib/errors.js';
import { groupBy } from '../src/lib/group-by.js';
import { within } from '../src/lib/within.js';
import type { Alert } from '../src/model/alerts.js';
import type { DeployRef } from '../src/model/incidents.js';
import { loadAlerts, type Engine } from './engine.js';
import { callGraph, type CallGraph } from './incidents/call-graph.js';
import { commit, type Evaluated, type Written } from './incidents/commit.js';
import { suspectsOf } from './incidents/suspects.js';
import { placeKey } from '../src/model/places.js';
import { placeOf } from './incidents/place.js';
import { kinds } from './rules/kinds/registry.js';
import type { Answer, Rule } from './rules/rule.js';
import { evaluateRule, failureOf, withoutRule, type Move } from './state/evaluate.js';

/**
 * The alert engine on one screen: what an evaluation does, in this order. What is written is written in one
 * transaction; telling browsers and sending messages come after it, by alerts.ts and notify/dispatcher.ts.
 */
export async function evaluate(engine: Engine, now: number): Promise<Written> {
  const isRetry = !engine.isLoaded;
  if (isRetry) await loadAlerts(engine, now);
  const due = isRetry ? engine.rules.rules : dueRules(engine, now);
  const answers = await ask(engine, due, now); //          rules/: one question a kind and window
  const moves = step(engine, due, answers, now); //        state/: pure; inactive, pending, firing, resolved
  const deploys = await lastDeploys(engine, moves); //     ports:  who deployed last where something fires
  const graph = await calls(engine, moves, now); //        ports:  who calls whom: what fails together is one
  const live = after(engine, moves);
  const saved = moves.filter(({ save }) => save);
  const foreseen = { now, moves: saved, live, deploys, graph, incidentId: oncePerPlace(engine, now) };
  const suspects = await suspectsOf(engine.deps, foreseen); // ports: which release may have caused what opens
  const written = await write(engine, { ...foreseen, suspects }); //       incidents/ and notify/outbox.ts: one transaction
  adopt(engine, live, written);
  return written;
}

/**
 * Rules whose group is due; half an interval early counts, since the clock never hits it exactly. What was
 * evaluated in the future is due: the clock was set back.
 */
function dueRules({ rules, health, deps }: Engine, now: number): Rule[] {
  return rules.rules.filter((rule) => {
    const last = health.get(rule.id)?.at;
    return last === undefined || last > now || now - last >= rule.intervalMs - deps.intervalMs / 2;
  });
}

async function ask(
  { deps, health }: Engine,
  due: readonly Rule[],
  now: number,
): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (const [name, rules] of groupBy(due, ({ kind }) => kind)) {
    const started = performance.now();
    const kind = kinds.get(name);
    try {
      // A kind asks for the rules that its own schema parsed: their spec is what it expects.
      const some =
        (await kind?.ask(rules as Parameters<typeof kind.ask>[0], { data: deps.data, at: now })) ?? [];
      for (const [id, answer] of some) answers.set(id, answer);
    } catch (error) {
      for (const rule of rules) answers.set(rule.id, { error });
    }
    const ms = (performance.now() - started) / rules.length;
    for (const { id } of rules) health.set(id, { at: now, ms, error: failureOf(answers.get(id)) ?? null });
    const failed = rules.filter(({ id }) => failureOf(answers.get(id)) !== undefined);
    if (failed.length > 0)
      reportFailure(deps, name, failed.length, failureOf(answers.get(failed[0]?.id ?? '')));
  }
  return answers;
}

function reportFailure({ log, metrics }: Engine['deps'], kind: string, rules: number, error?: string): void {
  metrics.ruleFailures(kind, rules);
  log.warn({ kind, rules, error }, 'rules could not be evaluated; their alerts stay as they are');
}

/** A rule that could not be asked, or whose results make no sense, changes nothing. */
function step(
  { live, rules, health, deps }: Engine,
  due: readonly Rule[],
  answers: ReadonlyMap<string, Answer>,
  now: number,
): Move[] {
  const moves: Move[] = [];
  for (const rule of due) {
    const answer = answers.get(rule.id);
    if (answer === undefined || 'error' in answer) continue;
    try {
      const context = { now, newId: deps.newId };
      for (const move of evaluateRule(rule, live.get(rule.id) ?? [], answer.observations, context)) {
        moves.push(move);
      }
    } catch (error) {
      health.set(rule.id, { at: now, ms: health.get(rule.id)?.ms ?? 0, error: messageOf(error) });
      reportFailure(deps, rule.kind, 1, messageOf(error));
    }
  }
  // A start with a mistake in a rule file must not resolve what the rules of that file had found.
  if (rules.errors.length > 0) return moves;
  const known = new Set(rules.rules.map(({ id }) => id));
  for (const [ruleId, alerts] of live) {
    if (!known.has(ruleId)) moves.push(...alerts.flatMap((alert) => withoutRule(alert, now)));
  }
  return moves;
}

/** More services at once do not fail for the deploy of each of them. */
const maxDeploysAsked = 200;

/** An alert does not wait for this: whoever cannot be asked leaves the incident without a deploy. */
async function lastDeploys({ deps }: Engine, moves: readonly Move[]): Promise<Map<string, DeployRef | null>> {
  const deploys = new Map<string, DeployRef | null>();
  for (const { alert, transition } of moves) {
    if (!alert || transition !== 'fired') continue;
    const place = placeOf(alert);
    const key = placeKey(place);
    if (deploys.has(key)) continue;
    if (deploys.size >= maxDeploysAsked) break;
    try {
      deploys.set(
        key,
        await deps.lastDeploy(place.service, place.environment, alert.firedAt ?? alert.activeAt),
      );
    } catch (error) {
      deploys.set(key, null);
      deps.log.warn({ service: place.service, error: messageOf(error) }, 'the last deploy is not known');
    }
  }
  return deploys;
}

/** The graph changes slowly: it is asked at most this often, and given this long, ms. */
const callsEveryMs = 60_000;
const callsWithinMs = 1000;

/**
 * Asked while something fires, and ahead of time while something is pending. Not known in time: as it was, and
 * places stand alone.
 */
async function calls(engine: Engine, moves: readonly Move[], now: number): Promise<CallGraph> {
  const { deps } = engine;
  const is = (state: Alert['state']): boolean =>
    moves.some(({ alert, save }) => save && alert?.state === state);
  const fires = is('firing');
  const isFresh = engine.calls.at <= now && now - engine.calls.at < callsEveryMs;
  if (isFresh || !(fires || is('pending'))) return engine.calls.graph;
  const asked = deps.calls(now).then((found) => {
    engine.calls = { at: now, graph: callGraph(found) };
  });
  const answered = within(callsWithinMs, asked).catch((error: unknown) => {
    deps.log.warn({ error: messageOf(error) }, 'who calls whom is not known: services stand alone');
  });
  // Late or not, what was asked must not go unheard when it fails.
  asked.catch(() => undefined);
  if (fires) await answered;
  return engine.calls.graph;
}

/** An incident's id is known before it is written, and again when it is decided a second time. */
function oncePerPlace({ deps }: Engine, now: number): (place: string) => string {
  const ids = new Map<string, string>();
  return (place) => {
    const id = ids.get(place) ?? deps.newId(now);
    ids.set(place, id);
    return id;
  };
}

/** All alerts that are pending or firing after the moves. */
function after({ live }: Engine, moves: readonly Move[]): Alert[] {
  const alerts = new Map<string, Alert>();
  for (const some of live.values()) for (const alert of some) alerts.set(alert.id, alert);
  for (const { previous, alert } of moves) {
    if (alert && alert.state !== 'resolved') alerts.set(alert.id, alert);
    else if (previous) alerts.delete(previous.id);
  }
  return [...alerts.values()];
}

async function write(engine: Engine, evaluated: Evaluated): Promise<Written> {
  // Nothing pending and nothing new: a quiet system writes nothing.
  if (evaluated.moves.length === 0 && evaluated.live.length === 0) {
    return { joined: new Map(), incidentIds: [], services: [], noticed: false };
  }
  try {
    return await commit(engine.deps.state, evaluated, engine.deps.outbox);
  } catch (error) {
    // It may have been written all the same (a connection lost after COMMIT): look before going on.
    engine.isLoaded = false;
    throw error;
  }
}

function adopt(engine: Engine, live: readonly Alert[], { joined }: Written): void {
  const alerts = live.map((alert) => {
    const incidentId = joined.get(alert.id);
    return incidentId === undefined ? alert : { ...alert, incidentId };
  });
  engine.live = groupBy(alerts, ({ ruleId }) => ruleId);
  engine.deps.metrics.alerts({
    pending: alerts.filter(({ state }) => state === 'pending').length,
    firing: alerts.filter(({ state }) => state === 'firing').length,
  });
}
