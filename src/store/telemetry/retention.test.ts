import { describe, expect, it } from 'vitest';
import type { TelemetryConnection } from './connect.js';
import { applyRetention, type Retention } from './retention.js';

const retention: Retention = {
  logs: 1500,
  traces: 2000,
  metrics: 1,
  errors: 1,
  changes: 1,
  feedback: 1,
  rollups: 1,
};

/** A database whose tables have the engines that are given; remembers the commands. */
function fake(engines: Record<string, string>): TelemetryConnection & { commands: string[] } {
  const commands: string[] = [];
  return {
    commands,
    rows: <Row>() =>
      // The one query asks for these two columns.
      Promise.resolve(Object.entries(engines).map(([name, engine_full]) => ({ name, engine_full })) as Row[]),
    command: (sql) => {
      commands.push(sql);
      return Promise.resolve();
    },
    insertFiles: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

describe('applyRetention', () => {
  it('changes the local tables of a cluster, on all of its servers', async () => {
    const database = fake({ otel_logs_local: 'ReplicatedMergeTree ORDER BY a', otel_logs: 'Distributed(x)' });
    expect(await applyRetention(database, { database: 'lemni', cluster: 'main' }, retention)).toEqual([
      'otel_logs',
    ]);
    expect(database.commands).toEqual([
      'ALTER TABLE lemni.otel_logs_local ON CLUSTER main MODIFY TTL toDateTime(Timestamp) + toIntervalSecond(2)',
    ]);
  });

  it('leaves a table that has it', async () => {
    const engine = (seconds: number): string =>
      `MergeTree PARTITION BY a ORDER BY b TTL toDateTime(Timestamp) + toIntervalSecond(${seconds}) SETTINGS c = 1`;
    const database = fake({ otel_logs: engine(2), otel_traces: engine(20) });
    expect(await applyRetention(database, { database: 'lemni', cluster: '' }, retention)).toEqual([
      'otel_traces',
    ]);
  });
});
