import { describe, expect, it } from 'vitest';
import { isPlainOtlp, lemniPlace, telemetryDefaults } from './settings.js';

const traces = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const tracesHeaders = 'OTEL_EXPORTER_OTLP_TRACES_HEADERS';

describe('where telemetry goes', () => {
  it('is Lemni on this machine, unless it is told', () => {
    expect(telemetryDefaults({})).toMatchObject({
      [traces]: 'http://127.0.0.1:4318/v1/traces',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:4318/v1/logs',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4318/v1/metrics',
    });
    expect(lemniPlace({ LEMNI_URL: 'https://lemni.example/ ', LEMNI_KEY: 'k' })).toEqual({
      url: 'https://lemni.example',
      key: 'k',
    });
  });

  it('shows the key to Lemni', () => {
    expect(telemetryDefaults({ LEMNI_KEY: 'k' })[tracesHeaders]).toBe('Authorization=Bearer%20k');
  });

  it.each([
    ['another endpoint for all', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://other.example' }],
    ['another endpoint for the signal', { [traces]: 'https://other.example/v1/traces' }],
    ['gRPC', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
  ])('keeps the key from %s', (_what, env) => {
    const defaults = telemetryDefaults({ LEMNI_KEY: 'k', ...env });
    expect(defaults).not.toHaveProperty(traces);
    expect(defaults).not.toHaveProperty(tracesHeaders);
  });

  it('leaves what was told: headers and delays', () => {
    const defaults = telemetryDefaults({
      LEMNI_KEY: 'k',
      OTEL_EXPORTER_OTLP_HEADERS: 'x=1, Authorization=Basic%20abc',
      OTEL_BSP_SCHEDULE_DELAY: '7',
    });
    expect(defaults).not.toHaveProperty(tracesHeaders);
    expect(defaults).not.toHaveProperty('OTEL_BSP_SCHEDULE_DELAY');
  });

  it.each([
    [{}, true],
    [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, true],
    [{ OTEL_TRACES_EXPORTER: 'none' }, false],
    [{ OTEL_TRACES_EXPORTER: 'otlp,console' }, false],
    [{ OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' }, false],
  ])('knows what is plain OTLP: %o', (env, expected) => {
    expect(isPlainOtlp(env, 'TRACES')).toBe(expected);
  });
});
