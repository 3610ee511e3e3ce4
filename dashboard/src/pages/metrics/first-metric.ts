/** A command that sends one sample over OTLP/HTTP to this server. */
export function firstMetric(origin: string): string {
  const body =
    '{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"hello"}}]},' +
    '"scopeMetrics":[{"metrics":[{"name":"hello.visitors","gauge":{"dataPoints":[{"asInt":"3",' +
    '"timeUnixNano":"\'$(date +%s)\'000000000"}]}}]}]}]}';
  return `curl -s ${origin}/v1/metrics -H 'content-type: application/json' -d '${body}'`;
}
