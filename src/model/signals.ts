/** The three dimensions on which everything meets (OpenTelemetry's resource attributes). */
export interface Dimensions {
  /** `service.name`. */
  readonly service: string;
  /** `deployment.environment.name`; empty when unknown. */
  readonly environment: string;
  /** `service.version`; empty when unknown. */
  readonly version: string;
}

export const signalKinds = ['logs', 'traces', 'metrics', 'changes', 'feedback'] as const;
export type SignalKind = (typeof signalKinds)[number];

/** Why something that was sent was not kept. A closed set: it is a metric's label. */
export const dropReasons = [
  'malformed',
  'too_large',
  'too_many_attributes',
  'invalid_time',
  'unsupported',
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'queue_full',
  'disk_full',
  'store_rejected',
  'stopping',
  'duplicate',
] as const;
export type DropReason = (typeof dropReasons)[number];
