/** A request of the page whose trace the server told. */
export interface TracedRequest {
  readonly traceId: string;
  /** Unix ms. */
  readonly at: number;
  readonly failed: boolean;
}

export interface FoundTrace {
  readonly traceId: string;
  /** Where it was found: it becomes the attribute `lemni.trace_from`. */
  readonly from: 'request' | 'page' | 'meta';
}

/** A person writes within minutes of what they write about. */
const recentMs = 5 * 60_000;

/** W3C Trace Context, section 3.2.2: version, trace id, parent id, flags. */
export function traceIdOf(traceparent: string | null | undefined): string | undefined {
  const id = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec((traceparent ?? '').trim())?.[1];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

/**
 * The trace that a complaint is most likely about: the last request that failed, else the last one, both of
 * the last minutes; else that of the page itself.
 */
export function pickTrace(
  requests: readonly TracedRequest[],
  page: { readonly navigation: string | undefined; readonly meta: string | undefined },
  now: number,
): FoundTrace | undefined {
  const recent = requests.filter(({ at }) => now - at <= recentMs);
  const request = recent.filter(({ failed }) => failed).at(-1) ?? recent.at(-1);
  if (request) return { traceId: request.traceId, from: 'request' };
  if (page.navigation !== undefined) return { traceId: page.navigation, from: 'page' };
  return page.meta === undefined ? undefined : { traceId: page.meta, from: 'meta' };
}

/** Old ones are of no use, and a page may live for weeks. */
const maxRequests = 50;

/**
 * Learns traces from `Server-Timing: traceparent;desc="00-..."` of the page's own requests, by the browser's
 * performance timeline: nothing of the page is wrapped or replaced.
 */
export function watchTraces(window: Window & typeof globalThis): () => FoundTrace | undefined {
  const requests: TracedRequest[] = [];
  const { performance, document } = window;
  const take = (entry: PerformanceEntry) => {
    const { initiatorType, responseStatus, responseEnd, serverTiming } = entry as PerformanceResourceTiming;
    if (initiatorType !== 'fetch' && initiatorType !== 'xmlhttprequest') return;
    const traceId = traceparentIn(serverTiming);
    if (traceId === undefined) return;
    requests.push({ traceId, at: performance.timeOrigin + responseEnd, failed: responseStatus >= 400 });
    if (requests.length > maxRequests) requests.shift();
  };
  try {
    new window.PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type: 'resource',
      buffered: true,
    });
  } catch {
    // A browser without it: the page's own trace is left.
  }
  return () => {
    const [navigation] = performance.getEntriesByType('navigation');
    const meta = document.querySelector<HTMLMetaElement>('meta[name="traceparent" i]');
    return pickTrace(
      requests,
      {
        navigation: traceparentIn((navigation as PerformanceNavigationTiming | undefined)?.serverTiming),
        meta: traceIdOf(meta?.content),
      },
      Date.now(),
    );
  };
}

function traceparentIn(timings: readonly PerformanceServerTiming[] | undefined): string | undefined {
  return traceIdOf(timings?.find(({ name }) => name === 'traceparent')?.description);
}
