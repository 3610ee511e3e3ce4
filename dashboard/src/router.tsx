import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { ApiError } from './api/errors.js';
import { meQuery } from './api/session.js';
import { validateErrorsSearch } from './pages/errors/search.js';
import { validateFeedbackSearch } from './pages/feedback/search.js';
import { validateIncidentsSearch } from './pages/incidents/search.js';
import { validateLogsSearch } from './pages/logs/search.js';
import { validateMetricsSearch } from './pages/metrics/search.js';
import { validateProblemsSearch } from './pages/problems/search.js';
import { validateReleaseSearch, validateReleasesSearch } from './pages/releases/search.js';
import { validateSettingsSearch } from './pages/settings/search.js';
import { isSettingsTab } from './pages/settings/tabs.js';
import { validateTraceSearch, validateTracesSearch } from './pages/traces/search.js';
import { AppLayout } from './shell/app-layout.js';
import { NotFound, PageFailed, PagePending } from './shell/fallbacks.js';
import { optionalText, parseSearch, stringifySearch, type RawSearch } from './shell/search.js';

interface RouterContext {
  queries: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: NotFound });

interface LoginSearch {
  /** Where to go afterwards: a path of this application. */
  next?: string | undefined;
}

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: RawSearch): LoginSearch => ({ next: optionalText(search['next']) }),
  component: lazyRouteComponent(() => import('./pages/login/login-page.js'), 'LoginPage'),
});

export interface TimeSearch {
  from?: string | undefined;
  to?: string | undefined;
}

/** Everything behind the login. The time range stays in the URL from page to page. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: AppLayout,
  pendingComponent: PagePending,
  errorComponent: PageFailed,
  validateSearch: (search: RawSearch): TimeSearch => ({
    from: optionalText(search['from'], 64),
    to: optionalText(search['to'], 64),
  }),
  search: { middlewares: [retainSearchParams<TimeSearch>(['from', 'to'])] },
  beforeLoad: async ({ context, location }) => {
    const next = location.href === '/' ? undefined : location.href;
    const me = await context.queries.query({ ...meQuery, staleTime: 'static' }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    });
    // The router follows a thrown redirect.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (me === null || me.needsAccount) throw redirect({ to: '/login', search: { next } });
  },
});

const overview = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.js'), 'OverviewPage'),
});
const incidents = createRoute({
  getParentRoute: () => app,
  path: '/incidents',
  validateSearch: validateIncidentsSearch,
  component: lazyRouteComponent(() => import('./pages/incidents/incidents-page.js'), 'IncidentsPage'),
});
const incident = createRoute({
  getParentRoute: () => app,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./pages/incidents/incident-page.js'), 'IncidentPage'),
});
const releases = createRoute({
  getParentRoute: () => app,
  path: '/releases',
  validateSearch: validateReleasesSearch,
  component: lazyRouteComponent(() => import('./pages/releases/releases-page.js'), 'ReleasesPage'),
});
const release = createRoute({
  getParentRoute: () => app,
  path: '/releases/$id',
  validateSearch: validateReleaseSearch,
  component: lazyRouteComponent(() => import('./pages/releases/release-page.js'), 'ReleasePage'),
});
const logs = createRoute({
  getParentRoute: () => app,
  path: '/logs',
  validateSearch: validateLogsSearch,
  component: lazyRouteComponent(() => import('./pages/logs/logs-page.js'), 'LogsPage'),
});
const traces = createRoute({
  getParentRoute: () => app,
  path: '/traces',
  validateSearch: validateTracesSearch,
  component: lazyRouteComponent(() => import('./pages/traces/traces-page.js'), 'TracesPage'),
});
const trace = createRoute({
  getParentRoute: () => app,
  path: '/traces/$traceId',
  validateSearch: validateTraceSearch,
  component: lazyRouteComponent(() => import('./pages/traces/trace-page.js'), 'TracePage'),
});
const metrics = createRoute({
  getParentRoute: () => app,
  path: '/metrics',
  validateSearch: validateMetricsSearch,
  component: lazyRouteComponent(() => import('./pages/metrics/metrics-page.js'), 'MetricsPage'),
});
const feedback = createRoute({
  getParentRoute: () => app,
  path: '/feedback',
  validateSearch: validateFeedbackSearch,
  component: lazyRouteComponent(() => import('./pages/feedback/feedback-page.js'), 'FeedbackPage'),
});
const errors = createRoute({
  getParentRoute: () => app,
  path: '/errors',
  validateSearch: validateErrorsSearch,
  component: lazyRouteComponent(() => import('./pages/errors/errors-page.js'), 'ErrorsPage'),
});
const problems = createRoute({
  getParentRoute: () => app,
  path: '/problems',
  validateSearch: validateProblemsSearch,
  component: lazyRouteComponent(() => import('./pages/problems/problems-page.js'), 'ProblemsPage'),
});
const problem = createRoute({
  getParentRoute: () => app,
  path: '/problems/$id',
  component: lazyRouteComponent(() => import('./pages/problems/problem-page.js'), 'ProblemPage'),
});
const settingsStart = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: '/settings/$tab', params: { tab: 'connect' } });
  },
});
const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings/$tab',
  params: {
    parse: ({ tab }) => ({ tab: isSettingsTab(tab) ? tab : ('connect' as const) }),
    stringify: ({ tab }) => ({ tab }),
  },
  validateSearch: validateSettingsSearch,
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.js'), 'SettingsPage'),
});

const routeTree = root.addChildren([
  login,
  app.addChildren([
    overview,
    incidents,
    incident,
    releases,
    release,
    logs,
    traces,
    trace,
    metrics,
    errors,
    feedback,
    problems,
    problem,
    settingsStart,
    settings,
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
