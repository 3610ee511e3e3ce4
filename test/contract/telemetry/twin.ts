import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../../src/lib/secret.js';
import type { TelemetryTarget } from '../../../src/store/telemetry/connect.js';
import { startClickHouseHttp, type ClickHouseHttp } from '../../support/clickhouse-http/start.js';

/** A database of one of the two kinds, in a directory of its own. */
export interface Twin {
  readonly target: TelemetryTarget;
  /** Only where the database is another process, which can go away. */
  readonly server:
    { away(): Promise<void>; back(): Promise<void>; loseAnswers(count: number): Promise<void> } | undefined;
  close(): Promise<void>;
}

export interface TwinKind {
  readonly name: string;
  open(): Promise<Twin>;
}

export const embedded: TwinKind = {
  name: 'the engine in the process',
  open: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'lemni-twin-'));
    return {
      target: { url: '', dataDir, database: 'lemni', user: 'default', password: new Secret('') },
      server: undefined,
      close: () => rm(dataDir, { recursive: true, force: true }),
    };
  },
};

export const overHttp: TwinKind = {
  name: 'ClickHouse over HTTP',
  open: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'lemni-twin-'));
    const path = join(dataDir, 'server');
    let server: ClickHouseHttp = await startClickHouseHttp(path);
    return {
      target: { url: server.url, dataDir, database: 'lemni', user: 'default', password: new Secret('') },
      server: {
        away: () => server.kill(),
        back: async () => {
          server = await startClickHouseHttp(path, server.port);
        },
        loseAnswers: (count) => server.loseAnswers(count),
      },
      close: async () => {
        await server.kill();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  },
};
