interface Times {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Paths of the pages that show the evidence. Times are Unix ms. */
export function tracesLink(service: string, range: Times, version = ''): string {
  return path('/traces', {
    service,
    status: 'error',
    ...(version === '' ? {} : { query: term('version', version) }),
    ...times(range),
  });
}

export function errorLink(service: string, fingerprint: string): string {
  return path('/errors', { service, group: fingerprint });
}

export function patternLink(fingerprint: string, range: Times): string {
  return path('/logs', { query: `pattern:${fingerprint}`, ...times(range) });
}

export function feedbackLink(service: string, version: string): string {
  return path('/feedback', { service, version, rating: '1-2' });
}

export function releaseLink(releaseId: string): string {
  return `/releases/${encodeURIComponent(releaseId)}`;
}

/** A term of the log query language: the value is quoted unless it is plain. */
function term(field: string, value: string): string {
  return `${field}:${/^[\w.-]+$/.test(value) ? value : JSON.stringify(value)}`;
}

function times({ fromMs, toMs }: Times): { from: string; to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

function path(page: string, search: Readonly<Record<string, string>>): string {
  return `${page}?${new URLSearchParams(search).toString()}`;
}
