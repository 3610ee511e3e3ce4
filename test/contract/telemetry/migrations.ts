import { describe, expect, it } from 'vitest';
import { structureOf, type Column } from '../../../src/model/rows/columns.js';
import { writableTables } from '../../../src/model/rows/tables.js';
import { migrateTelemetry } from '../../../src/store/telemetry/migrate.js';
import { migrations, type Migration } from '../../../src/store/telemetry/migrations/index.js';
import { applyRetention, type Retention } from '../../../src/store/telemetry/retention.js';
import type { Given } from './suite.js';

const ddl = { database: 'lemni', cluster: '' };
const day = 86_400_000;
const retention: Retention = {
  logs: 30 * day,
  traces: 15 * day,
  metrics: 90 * day,
  errors: 90 * day,
  changes: 730 * day,
  feedback: 730 * day,
  rollups: 400 * day,
};

export function describeMigrations(given: Given): void {
  describe('migrations', () => {
    const applied = (database: string): Promise<{ number: number; name: string }[]> =>
      given().connection.rows(`SELECT number, name FROM ${database}.lemni_migrations ORDER BY number`, {});

    it('make the tables, and do nothing the second time', async () => {
      const { connection } = given();
      await migrateTelemetry(connection, ddl);
      const first = await applied('lemni');
      expect(first).toEqual(migrations.map(({ number, name }) => ({ number, name })));
      await migrateTelemetry(connection, ddl);
      expect(await applied('lemni')).toEqual(first);
    });

    it('leave every writable table with the columns of tables.ts, and others only with a default', async () => {
      for (const [table, columns] of Object.entries(writableTables)) {
        const found = await given().connection.rows<Column & { default_kind: string }>(
          'SELECT name, type, default_kind FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY position',
          { database: 'lemni', table },
        );
        const written = found.slice(0, columns.length);
        expect(structureOf(written).split(', `'), table).toEqual(structureOf(columns).split(', `'));
        const others = found.slice(columns.length).map(({ default_kind }) => default_kind);
        expect(others, table).toEqual(others.map(() => 'DEFAULT'));
      }
    });

    it('go on where a crash left them', async () => {
      const { connection } = given();
      const step = (number: number, statements: string[]): Migration => ({
        number,
        name: `step${number}`,
        statements: () => statements,
      });
      const create = 'CREATE TABLE IF NOT EXISTS half.a (n UInt8) ENGINE = MergeTree ORDER BY n';
      const half = { database: 'half', cluster: '' };
      const broken = [step(1, [create]), step(2, [create.replace('half.a', 'half.b'), 'CREATE NONSENSE'])];
      await expect(migrateTelemetry(connection, half, broken)).rejects.toThrow(/NONSENSE/);
      expect(await applied('half')).toEqual([{ number: 1, name: 'step1' }]);
      const mended = [step(1, [create]), step(2, [create.replace('half.a', 'half.b')])];
      await migrateTelemetry(connection, half, mended);
      expect(await applied('half')).toHaveLength(2);

      await expect(migrateTelemetry(connection, half, mended.slice(0, 1))).rejects.toThrow(
        /written by a newer Lemni \(migration 2, step2; this version knows 1\)/,
      );
      const edited = [step(1, [create.replace('UInt8', 'UInt16')]), mended[1]!];
      await expect(migrateTelemetry(connection, half, edited)).rejects.toThrow(
        /Migration 1 \(step1\) .* was edited after it had been applied/,
      );
    });

    it('apply the retention where it is another one than before', async () => {
      const { connection } = given();
      expect(await applyRetention(connection, ddl, retention)).toHaveLength(11);
      expect(await applyRetention(connection, ddl, retention)).toEqual([]);
      const old = BigInt(Date.now() - 10 * day) * 1_000_000n;
      const row = `fromUnixTimestamp64Nano(toInt64(${old})), 'expires'`;
      await connection.command(
        `INSERT INTO lemni.otel_logs (Timestamp, ServiceName) SETTINGS async_insert = 0 VALUES (${row})`,
      );
      const left = (): Promise<unknown[]> =>
        connection.rows("SELECT 1 FROM lemni.otel_logs WHERE ServiceName = 'expires'", {});
      expect(await left()).toHaveLength(1);
      const shorter = { ...retention, logs: 7 * day, rollups: 100 * day };
      expect(await applyRetention(connection, ddl, shorter)).toEqual([
        'otel_logs',
        'service_minutes',
        'log_minutes',
      ]);
      await connection.command('OPTIMIZE TABLE lemni.otel_logs FINAL');
      expect(await left()).toEqual([]);
      expect(await applyRetention(connection, ddl, retention)).toHaveLength(3);
    });
  });
}
