import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import type { Secret } from '../../lib/secret.js';

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

export interface TelemetryTarget {
  /** Empty: the embedded engine below dataDir. */
  readonly url: string;
  readonly dataDir: string;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
}

/**
 * The one seam between the twins: an ordinary ClickHouse client over the engine in this process (chDB) or
 * over a server's HTTP interface. Nothing else in the house knows which it is.
 */
export function connectTelemetry(target: TelemetryTarget): ClickHouseClient {
  if (target.url === '') {
    const path = join(target.dataDir, 'clickhouse');
    mkdirSync(path, { recursive: true });
    // chdb's types come from the deprecated client-common, which differ in a private field only; the pair of
    // versions is pinned in package.json and the contract suite runs over it.
    const connection = createChdbConnection({ path }) as unknown as NonNullable<ClientOptions['connection']>;
    return createClient({ connection, database: target.database });
  }
  return createClient({
    url: target.url,
    username: target.user,
    password: target.password.reveal(),
    database: target.database,
    application: 'lemni',
    compression: { response: true, request: false },
  });
}
