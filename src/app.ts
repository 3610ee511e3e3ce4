import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/schema.js';
import { alertRoutes } from '../alerts/api.js';
import { createAlerts } from '../alerts/alerts.js';
import { changeRoutes } from '../ingest/changes/http.js';
import { createChangeIntake } from '../ingest/changes/intake.js';
import { changeMetrics } from '../ingest/changes/metrics.js';
import { feedbackIngestRoutes } from '../ingest/feedback/http.js';
import { feedbackMetrics } from '../ingest/feedback/metrics.js';
import { githubRoutes } from '../ingest/github/http.js';
import { createOtlpGrpc } from '../ingest/otlp/grpc.js';
import { otlpRoutes } from '../ingest/otlp/http.js';
import { createOtlpIntake, type OtlpIntake } from '../ingest/otlp/intake.js';
import { createSeriesRegistry } from '../ingest/otlp/metrics/series-registry.js';
import { createScrubber } from '../ingest/scrub/scrubber.js';
import { feedbackRoutes } from '../planning/feedback/api.js';
import { createFeedbackDesk } from '../planning/feedback/desk.js';
import { createGroupProblems } from '../planning/feedback/group-problems.js';
import { createPlanning } from '../planning/planning.js';
import { problemRoutes } from '../planning/problems/api.js';
import { releaseRoutes } from '../releases/api.js';
import { suspectRoutes } from '../releases/suspects/api.js';
import { suspectMetrics } from '../releases/suspects/metrics.js';
import { createSuspects } from '../releases/suspects/suspects.js';
import { releaseMetrics } from '../releases/metrics.js';
import { createReleases } from '../releases/releases.js';
import { versionsSeen } from '../releases/seen.js';
import { verdictMetrics } from '../releases/verdicts/metrics.js';
import { createVerdicts } from '../releases/verdicts/verdicts.js';
import { createAccounts } from './http/accounts/accounts.js';
import { accountRoutes } from './http/accounts/routes.js';
import { createAccess } from './http/create-access.js';
import { createLive } from './http/live/create-live.js';
import { tellIngested } from './http/live/tell-ingested.js';
import { measureLive, measureRequests } from './http/metrics.js';
import { openApiRoutes } from './http/openapi/routes.js';
import { probeRoutes } from './http/probes.js';
import { grpcDoor } from './http/grpc-door.js';
import { createHttp } from './http/server.js';
import { traceRequests } from './http/trace-requests.js';
import { widgetRoutes } from './http/widget.js';
import { systemClock, type Clock } from './lib/clock.js';
import { messageOf } from './lib/errors.js';
import { newUlid } from './lib/ids.js';
import { Stops } from './lib/stops.js';
import { queryRoutes } from './query/api.js';
import { createFeedbackDuring } from './query/feedback-during.js';
import { createRuleData } from './query/rule-data/create.js';
import { createTail } from './query/logs/tail.js';
import { createSuspectData } from './query/suspects/suspect-data.js';
import { createServiceGraph } from './query/service-graph.js';
import { createReleaseData } from './query/releases/release-data.js';
import { problemTelemetry } from './query/problems/telemetry.js';
import { createLogger, type Logger } from './self/log.js';
import { createRegistry } from './self/metrics.js';
import { startTracing } from './self/tracing.js';
import { acquireDataDir } from './store/data-dir-lock.js';
import { connectPostgres, connectState, pingState } from './store/state/connect.js';
import { createHousekeeping } from './store/state/housekeeping.js';
import { deliveryLog } from './store/state/delivery-log.js';
import { feedbackInbox } from './store/state/feedback.js';
import { openIncidents } from './store/state/open-incidents.js';
import { openProblems } from './store/state/open-problems.js';
import { currentVersions } from './store/state/current-versions.js';
import { migrateState } from './store/state/migrate.js';
import { openTelemetryStore } from './store/telemetry/store.js';
import { traceReads } from './store/telemetry/trace-reads.js';
import { readVersion } from './version.js';

/** Who calls whom is told by this much of the past, ms. */
const callsDuringMs = 15 * 60_000;

/** What a test may put in place of the real thing. */
export interface Overrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export interface Ready {
  readonly version: string;
  /** Of the dashboard. */
  readonly url: string;
  readonly grpcAddress: string;
  /** Logs in once; only while nobody has a password. */
  readonly loginUrl: string | undefined;
}

export interface App {
  start(): Promise<Ready>;
  /** Drains: no new requests, what was accepted is stored. Idempotent. */
  stop(): Promise<void>;
  /** Reads the rules again; a mistake keeps those that run. */
  reload(): Promise<void>;
}

/** Where the built widget lies, from dist/ and from the sources. */
const widgetPlaces = ['../widget', '../dist/widget'];
/** Where the built dashboard lies, from the sources and from dist/. */
const dashboardPlaces = ['../dashboard/dist', '../../dashboard/dist'];

/**
 * The composition root: one straight line, in the order in which things need one another. Each resource
 * registers its stop at birth, so the order of the lines is the order of the end, backwards; splitting it
 * would only thread the same names through more functions. Throws what speaks to a person, and undoes what
 * it had begun.
 */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const version = readVersion();
  const clock = overrides.clock ?? systemClock;
  const log = overrides.logger ?? createLogger({ level: config.log.level });
  const registry = createRegistry(version);
  const newId = newUlid;
  const publicUrl = publicUrlOf(config);
  const rules = {
    host: config.host,
    publicUrl: config.publicUrl,
    allowedOrigins: config.ingest.allowedOrigins,
  };
  const stops = new Stops();
  const stop = (): Promise<void> =>
    stops.run((name, error) => log.error({ name, reason: messageOf(error) }, 'did not stop cleanly'));
  try {
    const lock = acquireDataDir(config.dataDir);
    stops.add('data directory', () => lock.release());
    const state = connectState(
      { url: config.postgres.url, dataDir: config.dataDir },
      {
        onConnectionLost: (error) =>
          log.warn({ reason: error.message }, 'a connection to PostgreSQL was lost'),
      },
    );
    stops.add('state', () => state.destroy());
    await migrateState(state);
    const telemetry = await openTelemetryStore(config, { logger: log, registry, clock });
    stops.add('telemetry', () => telemetry.stop());
    const { writer: sink } = telemetry;

    const scrubber = createScrubber(config.scrub);
    const otlp = createOtlpIntake({
      sink,
      config: config.ingest,
      scrubber,
      clock,
      registry,
      seriesRegistry: createSeriesRegistry(),
    });
    const tracing = await startTracing({ to: ownTraces(config, otlp), version });
    stops.add('tracing', () => tracing.stop());
    const reader = traceReads(telemetry.readers, tracing.tracer);

    const accounts = createAccounts({
      state,
      clock,
      newId,
      log,
      sessionLifetimeMs: config.sessions.lifetime,
    });
    stops.add('accounts', () => accounts.stop());
    const access = createAccess({ accounts, rules });
    const pool = config.postgres.url.reveal() === '' ? undefined : connectPostgres(config.postgres.url);
    if (pool) stops.add('live pool', () => pool.end());
    const tail = createTail(reader, clock);
    const live = createLive({ access, sessions: accounts.sessions, rules, clock, log, pool, tail });
    stops.add('live', () => live.stop());
    measureLive(registry, () => live.connections());
    stops.add('ingested', tellIngested(sink, live));

    const grpc = createOtlpGrpc({
      intake: otlp,
      door: grpcDoor(access),
      config: config.ingest,
      logger: log,
      host: config.host,
      port: config.grpcPort,
    });
    const releases = createReleases({
      state,
      seen: versionsSeen(reader),
      live,
      clock,
      logger: log,
      metrics: releaseMetrics(registry),
    });
    const verdicts = createVerdicts({
      state,
      data: createReleaseData(reader),
      config: config.releases,
      live,
      clock,
      logger: log,
      metrics: verdictMetrics(registry),
    });
    const changeCounters = changeMetrics(registry);
    const graph = createServiceGraph(reader);
    const suspects = createSuspects({
      state,
      data: createSuspectData(reader),
      graph,
      announce: (incidentIds) => alerts.announce(incidentIds),
      clock,
      logger: log,
      metrics: suspectMetrics(registry),
    });
    const alerts = createAlerts({
      config: config.alerts,
      publicUrl,
      state,
      data: createRuleData(reader),
      lastDeploy: (service, environment, at) => releases.lastDeploy(service, environment, at),
      calls: (at) => graph.calls({ fromMs: at - callsDuringMs, toMs: at }),
      judgeSuspects: (subject) => suspects.judge(subject),
      feedbackDuring: createFeedbackDuring(reader),
      live,
      clock,
      newId,
      random: Math.random,
      log,
      registry,
    });
    const changes = createChangeIntake({
      sink,
      ledger: {
        recognize: (change) => releases.recognize(change),
        record: async (change) => {
          const recorded = await releases.record(change);
          if (recorded.releaseId !== '') {
            alerts.noteDeploy(change.service);
            // It may fix a problem.
            planning.wake();
          }
          return recorded;
        },
      },
      metrics: changeCounters,
    });
    const desk = createFeedbackDesk({ state, reader, live, clock, newId });
    const problemReads = problemTelemetry(reader);
    const planning = createPlanning({
      config: config.trackers,
      publicUrl,
      random: Math.random,
      bakeMs: config.releases.bakeTime,
      state,
      telemetry: problemReads,
      groups: desk,
      reporters: desk,
      live,
      clock,
      newId,
      log,
      registry,
    });
    const maxFutureMs = config.ingest.maxFuture;
    const { services, secret } = config.hooks.github;
    const retention = Object.fromEntries(
      Object.entries(config.retention).map(([signal, ms]) => [signal, `${Math.round(ms / 86_400_000)}d`]),
    );

    const http = createHttp({
      rules,
      port: config.port,
      trustedProxies: config.trustedProxies,
      before: [measureRequests(registry), traceRequests(tracing.tracer)],
      routers: [
        probeRoutes({
          access,
          registry,
          host: config.host,
          checks: {
            'The telemetry database': () => telemetry.ping(),
            'The state database': () => pingState(state),
          },
        }),
        otlpRoutes({ access, intake: otlp, config: config.ingest, logger: log }),
        changeRoutes({ access, intake: changes, clock, maxFutureMs }),
        githubRoutes({
          intake: changes,
          deliveries: deliveryLog(state),
          metrics: changeCounters,
          issues: planning.tickets,
          clock,
          secret,
          services,
          maxFutureMs,
        }),
        feedbackIngestRoutes({
          access,
          sink,
          inbox: feedbackInbox(state),
          live: {
            emit: (event, feedback) => {
              live.emit(event, feedback);
              alerts.noteFeedback(feedback.service);
            },
          },
          scrub: scrubber,
          metrics: feedbackMetrics(registry),
          clock,
          newId,
          allowedOrigins: config.ingest.allowedOrigins,
          ...config.feedback,
        }),
        accountRoutes({ accounts, access, state, installation: { version, publicUrl, retention } }),
        queryRoutes({
          reader,
          access,
          clock,
          versions: currentVersions(state),
          incidents: openIncidents(state),
          problems: openProblems(state),
        }),
        feedbackRoutes({
          ...{ access, state, reader, live, clock, desk },
          problems: createGroupProblems(state),
          allowedOrigins: config.ingest.allowedOrigins,
        }),
        releaseRoutes({ access, state, reader, clock, verdicts, bakeMs: config.releases.bakeTime }),
        suspectRoutes({ access, state }),
        alertRoutes({ access, alerts, state, clock }),
        problemRoutes({ access, ...planning, state, telemetry: problemReads, clock }),
        openApiRoutes(version),
        widgetRoutes(widgetDir()),
      ],
      dashboardDir: dashboardDir(),
      log,
      clock,
      newId,
    });

    const start = async (): Promise<Ready> => {
      try {
        const housekeeping = createHousekeeping({
          state,
          clock,
          logger: log,
          feedbackMs: config.retention.feedback,
        });
        housekeeping.start();
        stops.add('housekeeping', () => housekeeping.stop());
        releases.start();
        stops.add('releases', () => releases.stop());
        verdicts.start();
        stops.add('verdicts', () => verdicts.stop());
        await alerts.start();
        stops.add('alerts', () => alerts.stop());
        suspects.start();
        stops.add('suspects', () => suspects.stop());
        planning.start();
        stops.add('planning', () => planning.stop());
        await live.attach(http.server);
        const { port } = await http.start();
        stops.add('http', () => http.stop());
        // Before the server's own stop, which would wait for open pages.
        stops.add('live connections', () => live.stop());
        const { port: grpcPort } = await grpc.start();
        stops.add('grpc', () => grpc.stop());
        stops.add('otlp', () => otlp.stop());
        const url = config.port === 0 ? publicUrl.replace(/:0$/, `:${port}`) : publicUrl;
        const loginUrl = (await accounts.logins.hasAccounts())
          ? undefined
          : (await accounts.logins.createLink(url)).url;
        log.info({ port, version }, 'ready');
        return { version, url, grpcAddress: `${config.host}:${grpcPort}`, loginUrl };
      } catch (error) {
        await stop();
        throw error;
      }
    };
    return {
      start,
      stop,
      reload: async () => {
        await alerts.reload();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function publicUrlOf({ publicUrl, host, port }: Config): string {
  if (publicUrl !== '') return publicUrl.replace(/\/+$/, '');
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Into this installation they go as everybody's do, past the network and its keys only. */
function ownTraces({ self }: Config, otlp: OtlpIntake): Parameters<typeof startTracing>[0]['to'] {
  if (self.traces === 'off') return undefined;
  if (self.traces !== 'self') return self.traces;
  return async (body) => {
    const reservation = otlp.inFlight.reserve();
    try {
      await otlp.accept({ signal: 'traces', encoding: 'protobuf', body, reservation });
    } finally {
      reservation.release();
    }
  };
}

function widgetDir(): string | undefined {
  return widgetPlaces
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((directory) => existsSync(`${directory}/widget.js`));
}

function dashboardDir(): string | undefined {
  return dashboardPlaces
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((directory) => existsSync(`${directory}/index.html`));
}
