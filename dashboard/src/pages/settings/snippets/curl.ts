/** Lines for a terminal. They are texts for people: what they contain is chosen here, never by a user. */

/** Where senders reach Lemni: as configured, or as the browser does. */
export function serverUrl(publicUrl: string, origin: string): string {
  return (publicUrl === '' ? origin : publicUrl).replace(/\/+$/, '');
}

export function bearer(key: string | null): string {
  return key === null ? '' : ` \\\n  -H 'authorization: Bearer ${key}'`;
}

/** One span that ended just now; `date` gives its times and `od` its ids. */
export function firstTrace(url: string, key: string | null): string {
  return `curl -sS ${url}/v1/traces -H 'content-type: application/json'${bearer(key)} -d '{"resourceSpans":[{
  "resource":{"attributes":[
    {"key":"service.name","value":{"stringValue":"my-service"}},
    {"key":"service.version","value":{"stringValue":"1.0.0"}}]},
  "scopeSpans":[{"spans":[{"name":"GET /hello","kind":2,
    "traceId":"'$(od -An -tx1 -N16 /dev/urandom | tr -d ' \\n')'","spanId":"'$(od -An -tx1 -N8 /dev/urandom | tr -d ' \\n')'",
    "startTimeUnixNano":"'$(date +%s)'000000000","endTimeUnixNano":"'$(date +%s)'012000000"}]}]}]}'`;
}

/** The end of a pipeline. */
export function deployLine(url: string, key: string | null): string {
  return `curl -sS ${url}/api/deploys -H 'content-type: application/json'${bearer(key)} -d '{
  "service": "checkout", "version": "1.4.0", "environment": "production",
  "commit": "'$(git rev-parse HEAD)'", "actor": "'$USER'"}'`;
}

/** A first feedback, by hand. */
export function feedbackLine(url: string, key: string | null): string {
  return `curl -sS ${url}/api/feedback -H 'content-type: application/json'${bearer(key)} -d '{
  "service": "shop", "rating": 4, "message": "Hello from the terminal", "page": "https://shop.example.com/"}'`;
}

/** Whatever else was done: a test run, a published artifact. */
export function changeLine(url: string, key: string | null): string {
  return `curl -sS ${url}/api/changes -H 'content-type: application/json'${bearer(key)} -d '{
  "type": "testsuiterun.finished", "service": "checkout", "status": "succeeded",
  "commit": "'$(git rev-parse HEAD)'"}'`;
}
