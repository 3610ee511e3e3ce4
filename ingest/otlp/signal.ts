export const otlpSignals = ['logs', 'metrics', 'traces'] as const;
export type OtlpSignal = (typeof otlpSignals)[number];
export type OtlpEncoding = 'protobuf' | 'json';
