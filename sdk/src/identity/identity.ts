import type { Package } from './nearest-package.js';

/** What the process is, for everything that it sends. */
export interface Identity {
  readonly service: string | undefined;
  readonly version: string | undefined;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly environment: string | undefined;
}

export interface IdentityFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The package.json nearest to the entry. */
  readonly nearestPackage: Package | undefined;
  /** Read only when no variable tells the commit. */
  readonly git: () => { readonly commit: string | undefined; readonly branch: string | undefined };
}

/** Where CI systems and platforms write the commit that they built or run, the most explicit first. */
const commitVariables = [
  'LEMNI_COMMIT',
  'GIT_COMMIT',
  'SOURCE_COMMIT',
  'COMMIT_SHA',
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'RENDER_GIT_COMMIT',
  'HEROKU_SLUG_COMMIT',
  'HEROKU_BUILD_COMMIT',
  'RAILWAY_GIT_COMMIT_SHA',
  'VERCEL_GIT_COMMIT_SHA',
  'CF_PAGES_COMMIT_SHA',
  'KOYEB_GIT_SHA',
  'SOURCE_VERSION',
  'CIRCLE_SHA1',
  'BUILDKITE_COMMIT',
  'BITBUCKET_COMMIT',
  'BUILD_SOURCEVERSION',
  'DRONE_COMMIT_SHA',
] as const;

const branchVariables = [
  'GITHUB_REF_NAME',
  'CI_COMMIT_REF_NAME',
  'RENDER_GIT_BRANCH',
  'RAILWAY_GIT_BRANCH',
  'VERCEL_GIT_COMMIT_REF',
  'CIRCLE_BRANCH',
  'BUILDKITE_BRANCH',
  'BITBUCKET_BRANCH',
] as const;

/** Names that platforms give to a service, for processes without a package.json. */
const serviceVariables = [
  'K_SERVICE',
  'RENDER_SERVICE_NAME',
  'RAILWAY_SERVICE_NAME',
  'FLY_APP_NAME',
] as const;

/** What platforms call a deployed build, for packages whose version says nothing. */
const versionVariables = ['HEROKU_RELEASE_VERSION', 'K_REVISION', 'FLY_IMAGE_REF'] as const;

const environmentVariables = [
  'LEMNI_ENVIRONMENT',
  'DEPLOYMENT_ENVIRONMENT',
  'VERCEL_ENV',
  'RAILWAY_ENVIRONMENT_NAME',
  'NODE_ENV',
] as const;

/**
 * OTEL_* first, as every OpenTelemetry SDK has it; then the nearest package.json; then what the platform says;
 * then git. A version of 0.0.0, as private packages often have, says nothing: the platform's word or the commit
 * is better.
 */
export function findIdentity({ env, nearestPackage, git }: IdentityFacts): Identity {
  const told = resourceAttributes(env['OTEL_RESOURCE_ATTRIBUTES']);
  const commitTold = told['vcs.ref.head.revision'] ?? first(env, commitVariables);
  const found = commitTold === undefined ? git() : { commit: commitTold, branch: undefined };
  const packaged = nearestPackage?.version === '0.0.0' ? undefined : nearestPackage?.version;
  return {
    service:
      value(env['OTEL_SERVICE_NAME']) ??
      told['service.name'] ??
      nearestPackage?.name ??
      first(env, serviceVariables),
    version:
      told['service.version'] ??
      value(env['LEMNI_VERSION']) ??
      packaged ??
      first(env, versionVariables) ??
      found.commit?.slice(0, 12),
    commit: found.commit,
    branch: told['vcs.ref.head.name'] ?? first(env, branchVariables) ?? found.branch,
    environment:
      told['deployment.environment.name'] ??
      told['deployment.environment'] ??
      first(env, environmentVariables),
  };
}

/** `key=value,key=value` with percent-encoded values (OpenTelemetry specification, resource SDK). */
export function resourceAttributes(text: string | undefined): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const pair of (text ?? '').split(',')) {
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const raw = pair.slice(equals + 1).trim();
    try {
      found[pair.slice(0, equals).trim()] = decodeURIComponent(raw);
    } catch {
      found[pair.slice(0, equals).trim()] = raw;
    }
  }
  return found;
}

function first(env: IdentityFacts['env'], names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = value(env[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function value(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
}
