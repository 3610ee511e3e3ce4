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

/** ` of shop-*`, ` of shop-* in prod`; of all services `each` is said, or nothing. */
export function whereInWords({ service, environment }: Where, each = ''): string {
  const name = /^\*+$/.test(service) ? each : service;
  const who = name === '' ? '' : ` of ${name}`;
  return `${who}${environment === undefined ? '' : ` in ${environment}`}`;
}
