import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { logs } from '@opentelemetry/api-logs';
import {
  defaultResource,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { sendLastWords } from './exit/last-words.js';
import { watchProcess } from './exit/watch-process.js';
import type { Identity } from './identity/identity.js';
import { instrumentations } from './instrumentations.js';
import { entryDirectory, identityOf } from './own-identity.js';
import { personLogs, personSpans } from './people/person-processors.js';
import { logPipeline, metricPipeline, tracePipeline } from './pipelines.js';
import { telemetryDefaults } from './settings.js';
import { share, type Shared } from './shared.js';

/** Starts OpenTelemetry for this process. */
export function start(): void {
  const identity = identityOf(entryDirectory());
  const defaults = telemetryDefaults(process.env);
  withVariables(defaults, () => begin(identity, { ...process.env }));
}

function begin(identity: Identity, env: NodeJS.ProcessEnv): void {
  const people: Shared['people'] = new WeakMap();
  const pipelines = { traces: tracePipeline(env), logs: logPipeline(env), metrics: metricPipeline(env) };
  const { traces, logs: records, metrics } = pipelines;
  const sdk = new NodeSDK({
    resource: defaultResource().merge(resourceOf(identity)),
    // No process detector: command lines may carry secrets. OTEL_NODE_RESOURCE_DETECTORS asks for more.
    ...(env['OTEL_NODE_RESOURCE_DETECTORS'] === undefined ? { resourceDetectors: [envDetector] } : {}),
    instrumentations: instrumentations(),
    ...(traces && { spanProcessors: [personSpans(people), ...traces.parts] }),
    ...(records && { logRecordProcessors: [personLogs(people), ...records.parts] }),
    ...(metrics && { metricReaders: metrics.parts }),
  });
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return;
  sdk.start();
  const all = [traces, records, metrics].filter((pipeline) => pipeline !== undefined);
  watchProcess(logs.getLogger('@lemni/sdk'), {
    prepare: async () => {
      await Promise.allSettled(all.map((pipeline) => pipeline.prepare()));
    },
    finish: () => {
      // Who is away is not waited for.
      if (all.every((pipeline) => pipeline.reachable()))
        sendLastWords(all.flatMap((pipeline) => pipeline.letters()));
    },
  });
  const flush = async (): Promise<void> => {
    const parts = [...(traces?.parts ?? []), ...(records?.parts ?? []), ...(metrics?.parts ?? [])];
    await Promise.allSettled(parts.map((part) => part.forceFlush()));
  };
  share({ identity, people, flush });
}

/** OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME still win: they are detected later. */
function resourceOf(identity: Identity): Resource {
  const attributes: Record<string, string | number | undefined> = {
    'service.name': identity.service,
    'service.version': identity.version,
    'service.instance.id': randomUUID(),
    'deployment.environment.name': identity.environment,
    'vcs.ref.head.revision': identity.commit,
    'vcs.ref.head.name': identity.branch,
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  };
  return resourceFromAttributes(
    Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)),
  );
}

/** OpenTelemetry reads its variables while it is built: for that moment only, so that child processes see none. */
function withVariables(variables: Readonly<Record<string, string>>, work: () => void): void {
  Object.assign(process.env, variables);
  try {
    work();
  } finally {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  }
}
