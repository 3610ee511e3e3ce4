import { matcher } from '../glob.js';

interface Where {
  readonly service: string;
  readonly environment?: string | undefined;
}

/** The rows of the services and environments that a rule is about. A rule that names its service looks at its own only. */
export function rowsAt<Row extends { readonly environment: string }>(
  { service, environment }: Where,
  byService: ReadonlyMap<string, readonly Row[]>,
): Row[] {
  const isService = matcher(service);
  const rows = /[*?]/.test(service)
    ? [...byService].filter(([name]) => isService(name)).flatMap(([, some]) => some)
    : (byService.get(service) ?? []);
  const inEnvironment = matcher(environment);
  return rows.filter((row) => inEnvironment(row.environment));
}

/** ` of shop-*`, ` of shop-* in prod`; of all services nothing is said. */
export function whereInWords({ service, environment }: Where): string {
  return `${isAll(service) ? '' : ` of ${service}`}${inEnvironmentWords(environment)}`;
}

/** `shop-*`, `a service in prod`: who is judged for itself. */
export function whoInWords({ service, environment }: Where): string {
  return `${isAll(service) ? 'a service' : service}${inEnvironmentWords(environment)}`;
}

/** `the requests of shop-* in prod, each operation GET *,`: what rules on spans look at. */
export function requestsInWords(where: Where & { readonly operation?: string | undefined }): string {
  const operation = where.operation === undefined ? '' : `, each operation ${where.operation},`;
  return `the requests of ${whoInWords(where)}${operation}`;
}

function isAll(service: string): boolean {
  return /^\*+$/.test(service);
}

function inEnvironmentWords(environment: string | undefined): string {
  return environment === undefined ? '' : ` in ${environment}`;
}
