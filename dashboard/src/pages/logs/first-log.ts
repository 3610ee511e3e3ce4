/** A command that sends one line over OTLP/HTTP to this server. */
export function firstLog(origin: string): string {
  const body =
    '{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"hello"}}]},' +
    '"scopeLogs":[{"logRecords":[{"timeUnixNano":"\'$(date +%s)\'000000000","severityNumber":9,' +
    '"body":{"stringValue":"Hello from the terminal"}}]}]}]}';
  return `curl -s ${origin}/v1/logs -H 'content-type: application/json' -d '${body}'`;
}
