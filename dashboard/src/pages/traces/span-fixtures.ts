import type { Span } from '../../../../src/http/contract/telemetry.js';

export const origin = '2026-11-22T10:00:00.000000000Z';

export interface SpanSketch {
  readonly id: string;
  readonly parent?: string;
  /** ms since the origin */
  readonly from: number;
  readonly to: number;
  readonly service?: string;
  readonly status?: Span['status'];
}

/** A whole span from what a test cares about. */
export function makeSpan(sketch: SpanSketch): Span {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: sketch.id,
    parentSpanId: sketch.parent ?? '',
    name: sketch.id,
    kind: 'Internal',
    service: sketch.service ?? 'shop',
    version: '',
    environment: '',
    startedAt: new Date(Date.parse(origin) + sketch.from).toISOString(),
    durationMs: sketch.to - sketch.from,
    status: sketch.status ?? 'Unset',
    statusMessage: '',
    attributes: {},
    resource: {},
    events: [],
    links: [],
  };
}
