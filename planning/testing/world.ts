import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ConfigSchema } from '../../config/schema.js';
import type { ProblemItem } from '../../src/http/contract/problems.js';
import { newUlid } from '../../src/lib/ids.js';
import type { Alert } from '../../src/model/alerts.js';
import type { Change } from '../../src/model/changes.js';
import type { Incident } from '../../src/model/incidents.js';
import { problemTelemetry } from '../../src/query/problems/telemetry.js';
import type { Engine } from '../../src/query/testing/engine.js';
import { recordDeploy } from '../../releases/record.js';
import { saveAlerts } from '../../src/store/state/alerts.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { insertIncidents } from '../../src/store/state/incident-changes.js';
import { HandClock } from '../../test/support/hand-clock.js';
import { createPlanning, type Planning, type PlanningDeps } from '../planning.js';

/** Requests of a service in a time: evenly spread, the first `failed` of each stretch failing. */
export interface Traffic {
  readonly service: string;
  readonly version: string;
  /** Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly requests: number;
  readonly failed?: number;
  /** What the failing ones throw. */
  readonly error?: string;
  /** How many different users they are spread over; 0: nobody is named. */
  readonly users?: number;
}

let spans = 0;
const hex = (digits: number): string => (++spans).toString(16).padStart(digits, '0');
const ns = (ms: number): string => `${Math.trunc(ms)}000000`;

/** Spans and exceptions as the tables take them, into a real engine. */
export async function sendTraffic(engine: Engine, traffic: Traffic): Promise<void> {
  const { service, version, from, to, requests, failed = 0, error = '', users = 0 } = traffic;
  const rows = Array.from({ length: requests }, (_, i) => {
    const at = from + ((to - from) * i) / requests;
    // Evenly mixed: the i-th fails when the running share calls for one more.
    const fails = Math.floor(((i + 1) * failed) / requests) > Math.floor((i * failed) / requests);
    const thrown = fails && error !== '';
    return {
      Timestamp: ns(at),
      TraceId: hex(32),
      SpanId: hex(16),
      ParentSpanId: '',
      SpanName: 'POST /pay',
      SpanKind: 'Server',
      ServiceName: service,
      Environment: 'prod',
      ServiceVersion: version,
      Duration: 5_000_000,
      StatusCode: fails ? 'Error' : 'Unset',
      SpanAttributes: users > 0 ? { 'user.id': `u${i % users}` } : {},
      'Events.Timestamp': thrown ? [ns(at)] : [],
      'Events.Name': thrown ? ['exception'] : [],
      'Events.Attributes': thrown ? [{ 'exception.type': 'Error', 'exception.message': error }] : [],
    };
  });
  await engine.insert('otel_traces', rows);
}

export interface WorldOptions extends Partial<PlanningDeps> {
  readonly now?: number;
}

/** Planning over a real engine and a real state database; time is made up. */
export class World {
  readonly clock: HandClock;
  readonly state: StateDatabase;
  readonly engine: Engine;
  readonly live: ProblemItem[] = [];
  registry = new Registry();
  planning: Planning;
  #numbers = 0;
  readonly #options: WorldOptions;

  constructor(engine: Engine, state: StateDatabase, options: WorldOptions = {}) {
    this.engine = engine;
    this.state = state;
    this.clock = new HandClock(options.now ?? Date.parse('2026-11-22T10:00:00Z'));
    this.#options = options;
    this.planning = this.#create();
  }

  get now(): number {
    return this.clock.now();
  }

  /** As if the process had died and come back: nothing in memory is left. */
  restart(): void {
    this.planning = this.#create();
  }

  #create(): Planning {
    this.registry = new Registry();
    return createPlanning({
      config: ConfigSchema.parse({}).trackers,
      publicUrl: 'https://lemni.example',
      bakeMs: 20_000,
      random: () => 0.5,
      state: this.state,
      telemetry: problemTelemetry(this.engine.reader),
      groups: { find: () => Promise.resolve(undefined) },
      reporters: { answer: () => Promise.resolve(0), answerGroup: () => Promise.resolve(0) },
      live: { emit: (_event, item) => void this.live.push(item) },
      clock: this.clock,
      newId: newUlid,
      log: pino({ level: 'silent' }),
      registry: this.registry,
      ...this.#options,
    });
  }

  /** An incident with one alert about failing requests, as the alert engine writes them. */
  async incident(service: string, activeAt: number, resolvedAt: number | null = null): Promise<Incident> {
    const number = ++this.#numbers;
    const incident: Incident = {
      id: `incident-${number}`,
      number,
      title: `${service}: requests fail`,
      state: resolvedAt === null ? 'open' : 'resolved',
      severity: 'critical',
      services: [service],
      environment: 'prod',
      openedAt: activeAt,
      acknowledgedAt: null,
      resolvedAt,
      assignee: null,
      summary: '',
      lastDeploy: null,
    };
    const places = [{ service, environment: 'prod' }];
    await insertIncidents(this.state, [{ incident, places: resolvedAt === null ? places : [] }]);
    await saveAlerts(this.state, [alertOf(incident, service)]);
    return incident;
  }

  /** Told and recorded, as the deploy API does it; the id of the release. */
  async deploy(service: string, version: string, more: Partial<Change> = {}): Promise<string> {
    const change: Change = {
      id: `deploy-${newUlid(this.now)}`,
      at: this.now,
      type: 'service.deployed',
      service,
      environment: 'prod',
      version,
      status: 'succeeded',
      commit: '',
      url: '',
      actor: 'ada',
      source: 'api',
      startedAt: null,
      finishedAt: null,
      commits: [],
      attributes: {},
      receivedAt: this.now,
      fixes: [],
      fingerprint: '',
      ...more,
    };
    const { recorded } = await this.state
      .transaction()
      .execute((transaction) => recordDeploy(transaction, change));
    return recorded.releaseId;
  }
}

function alertOf(incident: Incident, service: string): Alert {
  return {
    id: `alert-${incident.id}`,
    ruleId: `rule-${service}-${incident.number}`,
    rule: 'HighErrorRatio',
    group: 'g',
    fingerprint: '0123456789abcdef',
    labels: { alertname: 'HighErrorRatio', service, environment: 'prod' },
    annotations: {},
    value: 0.3,
    title: incident.title,
    sentence: incident.title,
    reason: '',
    facts: { requests: 100, errors: 30, windowMs: 10_000 },
    state: incident.resolvedAt === null ? 'firing' : 'resolved',
    activeAt: incident.openedAt,
    firedAt: incident.openedAt,
    resolvedAt: incident.resolvedAt,
    keepFiringSince: null,
    incidentId: incident.id,
    savedAt: incident.openedAt,
  };
}
