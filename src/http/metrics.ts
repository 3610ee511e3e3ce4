import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts and times every request; the route's pattern is the label, never the path that was asked for. */
export function measureRequests(registry: Registry): RequestHandler {
  const requests = new Counter({
    name: 'lemni_http_requests_total',
    help: 'Requests answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'lemni_http_request_duration_seconds',
    help: 'From the first byte of a request to the end of its answer.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers: [registry],
  });
  return (request, response, next) => {
    const started = performance.now();
    response.on('close', () => {
      const pattern: unknown = (request.route as { path?: unknown } | undefined)?.path; // Typed as any.
      const route = typeof pattern === 'string' ? pattern : 'none';
      const method = methods.has(request.method) ? request.method : 'other';
      // 499: the client left before the answer ended (nginx's number for it).
      const status = response.writableFinished ? response.statusCode : 499;
      requests.inc({ method, route, status: String(status) });
      duration.observe({ route }, (performance.now() - started) / 1000);
    });
    next();
  };
}

/** `lemni_http_live_connections`, asked for at each scrape. */
export function measureLive(registry: Registry, connections: () => number): void {
  new Gauge({
    name: 'lemni_http_live_connections',
    help: 'Pages that are connected for live events.',
    registers: [registry],
    collect() {
      this.set(connections());
    },
  });
}
