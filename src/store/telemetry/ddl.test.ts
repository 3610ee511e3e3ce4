import { describe, expect, it } from 'vitest';
import { addColumn, createBookkeeping, createDatabase } from './ddl.js';
import { checksumOf } from './migrate.js';
import { migrations } from './migrations/index.js';

const server = { database: 'lemni', cluster: '' };
const cluster = { database: 'watch', cluster: 'main' };

/** Changed on purpose only: a released migration is not edited, and its text is what its checksum is made of. */
describe('the statements of all migrations', () => {
  it.each([
    ['server', server],
    ['cluster', cluster],
  ])('for a %s', async (name, options) => {
    const statements = [
      createDatabase(options),
      createBookkeeping(options),
      ...migrations.flatMap(({ statements }) => statements(options)),
    ];
    await expect(`${statements.join(';\n\n')};\n`).toMatchFileSnapshot(`testdata/${name}.sql`);
  });

  it('in a cluster all run everywhere, on replicated tables, and views feed on the local ones', () => {
    const statements = migrations.flatMap(({ statements }) => statements(cluster));
    for (const statement of statements) {
      expect(statement).toContain(' ON CLUSTER main');
      expect(statement).toMatch(/ENGINE = (Replicated\w*MergeTree|Distributed)\(|^CREATE MATERIALIZED VIEW/m);
      if (statement.startsWith('CREATE MATERIALIZED VIEW')) {
        expect(statement).toMatch(/ TO watch\.\w+_local AS/);
        expect(statement).not.toMatch(/FROM watch\.(?!\w+_local\b)/);
      }
    }
  });

  it('are numbered from 1 without gaps, and have different checksums', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, i) => i + 1));
    expect(new Set(migrations.map(checksumOf)).size).toBe(migrations.length);
  });
});

describe('addColumn', () => {
  const column = { name: 'New', type: 'String', extra: 'CODEC(ZSTD(1))' };
  it('changes the one table of a server', () => {
    expect(addColumn('otel_logs', column, server)).toEqual([
      'ALTER TABLE lemni.otel_logs ADD COLUMN IF NOT EXISTS `New` String CODEC(ZSTD(1))',
    ]);
  });
  it('changes the local tables of a cluster before the distributed one', () => {
    expect(addColumn('otel_logs', column, cluster)).toEqual([
      'ALTER TABLE watch.otel_logs_local ON CLUSTER main ADD COLUMN IF NOT EXISTS `New` String CODEC(ZSTD(1))',
      'ALTER TABLE watch.otel_logs ON CLUSTER main ADD COLUMN IF NOT EXISTS `New` String CODEC(ZSTD(1))',
    ]);
  });
});
