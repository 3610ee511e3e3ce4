import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/lib/errors.js';
import { Secret } from '../../../src/lib/secret.js';
import { connectPostgres, connectState, type StateDatabase } from '../../../src/store/state/connect.js';
import { migrateState } from '../../../src/store/state/migrate.js';
import { getSetting, setSetting } from '../../../src/store/state/settings.js';
import { startPostgres, type Postgres } from '../../support/postgres.js';
import { freshSqlite } from '../../support/state.js';

describe('PostgreSQL goes away', () => {
  let server: Postgres;
  let state: StateDatabase;
  const lost: Error[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    state = connectState(
      { url: server.url, dataDir: '' },
      { statementTimeoutMs: 500, onConnectionLost: (error) => lost.push(error) },
    );
    await migrateState(state);
    await setSetting(state, 'kept', 'yes');
  });
  afterAll(async () => {
    await state.destroy();
    await server.stop();
  });

  it('killed: queries are Unavailable, and work again after its return', async () => {
    const running = sql`select pg_sleep(0.4)`.execute(state);
    const outcome = expect(running).rejects.toBeInstanceOf(Unavailable);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.kill();
    await outcome;
    await expect(getSetting(state, 'kept')).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(state.transaction().execute((trx) => setSetting(trx, 'kept', 'no'))).rejects.toBeInstanceOf(
      Unavailable,
    );
    await server.restart();
    expect(await getSetting(state, 'kept')).toBe('yes');
  });

  it('an idle connection that breaks is told and does not end the process', async () => {
    await Promise.all([1, 2, 3].map(() => getSetting(state, 'kept')));
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lost.length).toBeGreaterThan(0);
    await server.restart();
    expect(await getSetting(state, 'kept')).toBe('yes');
  });

  it('silent: a query ends by its limit, and the connection is not used again', async () => {
    server.pause();
    const before = Date.now();
    await expect(getSetting(state, 'kept')).rejects.toBeInstanceOf(Unavailable);
    expect(Date.now() - before).toBeLessThan(10_000);
    server.resume();
    expect(await getSetting(state, 'kept')).toBe('yes');
  });

  it('a statement that runs too long is ended by the server', async () => {
    await expect(sql`select pg_sleep(5)`.execute(state)).rejects.toBeInstanceOf(Unavailable);
    expect(await getSetting(state, 'kept')).toBe('yes');
  });

  it('a wrong statement stays a wrong statement', async () => {
    await expect(sql`select * from nowhere`.execute(state)).rejects.not.toBeInstanceOf(Unavailable);
  });

  it('a pool of its own gives numbers too and ends', async () => {
    const pool = connectPostgres(server.url);
    const { rows } = await pool.query('select 4102444800000::bigint as at, 3::numeric as sum');
    expect(rows).toEqual([{ at: 4_102_444_800_000, sum: 3 }]);
    await pool.end();
  });

  it('nobody answers: says so and never shows the password', async () => {
    const nobody = connectState({
      url: new Secret('postgres://lemni:hunter2@127.0.0.1:1/lemni'),
      dataDir: '',
    });
    const error = await migrateState(nobody).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
    await nobody.destroy();
  });
});

describe('SQLite', () => {
  it('keeps what was written when it is closed and opened again', async () => {
    const { state, dataDir, stop } = await freshSqlite();
    await setSetting(state, 'kept', 'yes');
    await state.destroy();
    const again = connectState({ url: new Secret(''), dataDir });
    await migrateState(again);
    expect(await getSetting(again, 'kept')).toBe('yes');
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(again);
    expect(rows).toEqual([{ synchronous: 2 }]);
    await again.destroy();
    await stop();
  });

  it('a full disk is Unavailable and the rest is readable', async () => {
    const { state, stop } = await freshSqlite();
    await sql`pragma max_page_count = 60`.execute(state);
    await setSetting(state, 'kept', 'yes');
    await expect(setSetting(state, 'large', 'x'.repeat(1_000_000))).rejects.toMatchObject({
      code: 'disk_full',
    });
    expect(await getSetting(state, 'kept')).toBe('yes');
    await stop();
  });

  it('a transaction that reads first still writes after another process wrote', async () => {
    const { state, dataDir, stop } = await freshSqlite();
    const file = join(dataDir, 'state.sqlite');
    const other = `
      const Database = require('libsql');
      const db = new Database(${JSON.stringify(file)});
      db.pragma('busy_timeout = 5000');
      db.prepare("insert into settings values ('other', '1')").run();
      db.close();`;
    const ended = await state.transaction().execute(async (trx) => {
      expect(await getSetting(trx, 'other')).toBeUndefined();
      const child = spawn(process.execPath, ['-e', other], { stdio: 'ignore' });
      const exit = once(child, 'exit');
      // Long enough for the other process to start and to try.
      await new Promise((resolve) => setTimeout(resolve, 700));
      await setSetting(trx, 'own', '1');
      return { exit };
    });
    expect(await ended.exit).toEqual([0, null]);
    expect(await getSetting(state, 'own')).toBe('1');
    expect(await getSetting(state, 'other')).toBe('1');
    await stop();
  });
});
