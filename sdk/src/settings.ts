/** Where Lemni is, from the environment. */
export interface LemniPlace {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

export function lemniPlace(env: Env): LemniPlace {
  const url = value(env['LEMNI_URL']) ?? 'http://127.0.0.1:4318';
  return { url: url.replace(/\/+$/, ''), key: value(env['LEMNI_KEY']) };
}

const signals = ['TRACES', 'METRICS', 'LOGS'] as const;

/**
 * What OpenTelemetry's own variables are where they say nothing: the endpoint and key of Lemni for each signal
 * that goes nowhere else, and shorter delays than the defaults, since someone looks at a dashboard. A key is
 * never sent to another endpoint than Lemni's.
 */
export function telemetryDefaults(env: Env): Readonly<Record<string, string>> {
  const { url, key } = lemniPlace(env);
  const defaults: Record<string, string> = {
    OTEL_BSP_SCHEDULE_DELAY: '1000',
    OTEL_BLRP_SCHEDULE_DELAY: '1000',
    OTEL_METRIC_EXPORT_INTERVAL: '15000',
    OTEL_METRIC_EXPORT_TIMEOUT: '10000',
  };
  const generalHeaders = value(env['OTEL_EXPORTER_OTLP_HEADERS']);
  for (const signal of signals) {
    const endpoint = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`;
    const headers = `OTEL_EXPORTER_OTLP_${signal}_HEADERS`;
    const elsewhere = value(env[endpoint]) ?? value(env['OTEL_EXPORTER_OTLP_ENDPOINT']);
    // gRPC has a port of its own, and OpenTelemetry's default for it is Lemni's.
    if (elsewhere !== undefined || protocolOf(env, signal) === 'grpc') continue;
    defaults[endpoint] = `${url}/v1/${signal.toLowerCase()}`;
    if (key === undefined || /(^|,)\s*authorization\s*=/i.test(generalHeaders ?? '')) continue;
    defaults[headers] = `Authorization=${encodeURIComponent(`Bearer ${key}`)}`;
  }
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => value(env[name]) === undefined));
}

export function protocolOf(env: Env, signal: (typeof signals)[number]): string {
  return (
    value(env[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`]) ??
    value(env['OTEL_EXPORTER_OTLP_PROTOCOL']) ??
    'http/protobuf'
  );
}

/** True when the signal goes by OTLP over HTTP with protobuf, as it does unless a variable says otherwise. */
export function isPlainOtlp(env: Env, signal: (typeof signals)[number]): boolean {
  const exporter = value(env[`OTEL_${signal}_EXPORTER`]) ?? 'otlp';
  return exporter === 'otlp' && protocolOf(env, signal) === 'http/protobuf';
}

function value(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
}
