/** Lines that send the traces of a Node.js service here, without a change of its code. */
export function firstTrace(origin: string): string {
  return [
    'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node',
    `OTEL_SERVICE_NAME=shop OTEL_EXPORTER_OTLP_ENDPOINT=${origin} \\`,
    '  node --require @opentelemetry/auto-instrumentations-node/register server.js',
  ].join('\n');
}
