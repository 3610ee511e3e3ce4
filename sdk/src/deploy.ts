import { createHash } from 'node:crypto';
import { ownIdentity } from './own-identity.js';
import { LemniRequestError, postToLemni } from './post.js';
import { lemniPlace, type LemniPlace } from './settings.js';

/** A deploy to tell Lemni of. Service, version, environment and commit are found as `register` finds them. */
export interface Deploy {
  /** Known again by it; without one it is made of the other words and the start. */
  readonly id?: string;
  readonly service?: string;
  readonly version?: string;
  readonly environment?: string;
  readonly status?: 'started' | 'succeeded' | 'failed' | 'canceled';
  readonly kind?: 'deployed' | 'upgraded' | 'rolledback';
  readonly commit?: string;
  /** Of the pipeline's run. */
  readonly url?: string;
  readonly actor?: string;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly commits?: readonly {
    readonly sha: string;
    readonly message?: string;
    readonly author?: string;
    readonly url?: string;
    readonly at?: Date;
  }[];
  /** Problems that this release means to fix: `P-1`, a problem's id, or its ticket's key or URL. */
  readonly fixes?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface DeployAccepted {
  readonly id: string;
  readonly releaseId: string;
  /** Lemni knew of it. */
  readonly duplicate: boolean;
}

/**
 * Tells Lemni of a deploy; resolves when it is stored. Without `startedAt` it began now. Tried again when Lemni
 * does not answer; safe to repeat.
 */
export async function deploy(
  told: Deploy = {},
  place: LemniPlace = lemniPlace(process.env),
): Promise<DeployAccepted> {
  const own = ownIdentity();
  const service = told.service ?? own.service;
  // Another service's version and commit are not this process's.
  const same = service === own.service;
  const version = told.version ?? (same ? own.version : undefined);
  if (service === undefined || version === undefined) {
    throw new LemniRequestError(
      `A deploy needs a ${service === undefined ? 'service' : 'version'}: give it to deploy(), in package.json, or in OTEL_RESOURCE_ATTRIBUTES.`,
    );
  }
  const environment = told.environment ?? own.environment;
  const commit = told.commit ?? (same && told.version === undefined ? own.commit : undefined);
  const startedAt = told.startedAt ?? new Date();
  const words = [service, version, environment, commit, told.kind, startedAt.toISOString()];
  return postToLemni<DeployAccepted>(place, '/api/deploys', {
    ...told,
    id: told.id ?? `sdk-${createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 32)}`,
    service,
    version,
    environment,
    commit,
    startedAt,
  });
}
