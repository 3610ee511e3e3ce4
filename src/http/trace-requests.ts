import { context, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Paths whose spans would beget spans: telemetry that comes in, and what probes ask all day. */
const silent = /^\/(v1\/|otlp\/|-\/|metrics$|live)/;

/** A server span for each request (HTTP semantic conventions 1.37). */
export function traceRequests(tracer: Tracer): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (silent.test(request.path)) {
      next();
      return;
    }
    const span = tracer.startSpan(request.method, {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': request.method, 'url.path': request.path },
    });
    response.on('close', () => end(span, request, response));
    context.with(trace.setSpan(context.active(), span), next);
  };
}

function end(span: Span, request: Request, response: Response): void {
  const route: unknown = (request.route as { path?: unknown } | undefined)?.path; // Express types it as any.
  if (typeof route === 'string') {
    span.updateName(`${request.method} ${route}`);
    span.setAttribute('http.route', route);
  }
  span.setAttribute('http.response.status_code', response.statusCode);
  if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
