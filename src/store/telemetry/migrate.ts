import { createHash } from 'node:crypto';
import { BadInput } from '../../lib/errors.js';
import type { TelemetryConnection } from './connect.js';
import { createBookkeeping, createDatabase, type DdlOptions } from './ddl.js';
import { migrations, type Migration } from './migrations/index.js';
import { literal } from './parameters.js';

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Brings the database to this version's tables; forward only, safe to run again and after a crash in its
 * middle. Refuses a database that a newer Lemni has written, and one whose migrations are not these.
 */
export async function migrateTelemetry(
  connection: TelemetryConnection,
  options: DdlOptions,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  await connection.command(createDatabase(options));
  await connection.command(createBookkeeping(options));
  const table = `${options.database}.lemni_migrations`;
  const applied = await connection.rows<Applied>(
    `SELECT number, any(name) AS name, any(checksum) AS checksum FROM ${table} GROUP BY number ORDER BY number`,
    {},
  );
  checkApplied(applied, steps, options.database);
  for (const step of steps.slice(applied.length)) {
    for (const statement of step.statements(options)) await connection.command(statement);
    const values = [step.number, literal(step.name), literal(checksumOf(step)), 'now64(3)'];
    await connection.command(
      `INSERT INTO ${table} (number, name, checksum, at) SETTINGS async_insert = 0 VALUES (${values.join(', ')})`,
    );
  }
}

/** The same for every database and cluster: of the statements for one server and a fixed database. */
export function checksumOf(step: Migration): string {
  const text = step.statements({ database: 'lemni', cluster: '' }).join(';\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function checkApplied(applied: readonly Applied[], steps: readonly Migration[], database: string): void {
  for (const [i, { number, name, checksum }] of applied.entries()) {
    const step = steps[i];
    if (step === undefined) {
      throw new BadInput(
        'conflict',
        `The telemetry database ${database} was written by a newer Lemni (migration ${number}, ${name}; this version knows ${steps.length}). Start that version again, or restore a backup.`,
      );
    }
    if (step.number === number && checksumOf(step) === checksum) continue;
    throw new BadInput(
      'conflict',
      `Migration ${number} (${name}) of the telemetry database ${database} is not the one of this version (${step.name}): it was edited after it had been applied. Start the version that wrote the database, or use an empty one.`,
    );
  }
}
