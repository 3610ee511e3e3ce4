/**
 * A test program: ClickHouse's HTTP interface, served from chDB in a process of its own, so that the code that
 * talks to a ClickHouse server can be tested on a machine that has none.
 *
 * What it is: the same engine as a server's, behind the parts of the interface that @clickhouse/client uses
 * (POST with the statement in the body or in `?query=`, parameters, settings, database, gzip both ways, RowBinary
 * bodies of inserts, exception codes, /ping).
 *
 * What it cannot show: a server's users and grants, quotas, sessions, replication and ON CLUSTER, its own timeouts
 * and limits of connections, an exception in the middle of a streamed answer (answers are made whole first),
 * cancelling when the client goes away, and how fast a server is. A RowBinary body is not streamed into the
 * parser but read from a temporary file.
 *
 *   node server.mjs --path DIR [--port N]      prints {"port":N} when it listens
 *   POST /-/lose-answers?count=N               the next N inserts are carried out, but their connection is cut
 */
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Session } from 'chdb';

const { values: options } = parseArgs({
  options: { path: { type: 'string' }, port: { type: 'string', default: '0' } },
});
if (options.path === undefined) throw new Error('--path is missing');

const scratch = mkdtempSync(join(tmpdir(), 'lemni-clickhouse-http-'));
/** Parameters of the interface itself, and settings that only a server has. */
const notSettings = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'wait_end_of_query',
  'enable_http_compression',
  'cancel_http_readonly_queries_on_client_close',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
]);

const idle = [];
const waiting = [];
let opened = 0;
let answersToLose = 0;
let files = 0;

/** A few sessions, since each runs one statement at a time. */
async function withSession(work) {
  let session = idle.pop();
  if (session === undefined && opened < 8) {
    opened += 1;
    session = new Session(options.path);
  }
  session ??= await new Promise((resolve) => waiting.push(resolve));
  try {
    return await work(session);
  } finally {
    const next = waiting.shift();
    if (next) next(session);
    else idle.push(session);
  }
}

const literal = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

async function run(session, { sql, body, url }) {
  const before = [`USE ${url.searchParams.get('database') ?? 'default'}`];
  const after = [];
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) before.push(`SET ${name} = ${literal(value)}`);
    else if (!notSettings.has(name)) {
      before.push(`SET ${name} = ${literal(value)}`);
      after.push(`SET ${name} = DEFAULT`);
    }
  }
  for (const statement of before) await session.queryAsync(statement);
  try {
    const format = url.searchParams.get('default_format') ?? 'TabSeparated';
    const insert =
      /^\s*INSERT\s+INTO\s+(\S+)\s*\(([^)]*)\)\s*(SETTINGS\s+.*?)?\s*FORMAT\s+RowBinary\s*$/is.exec(sql);
    if (insert) return await insertRowBinary(session, insert, body);
    const text = body.length === 0 ? sql : `${sql}\n${body.toString('utf8')}`;
    return Buffer.from((await session.queryAsync(text, { format })).bytes());
  } finally {
    for (const statement of after) await session.queryAsync(statement);
  }
}

async function insertRowBinary(session, [, table, columns, settings = ''], body) {
  if (body.length === 0) return Buffer.alloc(0);
  const described = await session.queryAsync(`DESCRIBE TABLE ${table}`, { format: 'JSONEachRow' });
  const lines = Buffer.from(described.bytes()).toString('utf8').trim().split('\n');
  const types = new Map(lines.map((line) => JSON.parse(line)).map(({ name, type }) => [name, type]));
  const names = columns.split(',').map((name) => name.trim().replaceAll('`', ''));
  const structure = names.map((name) => `\`${name}\` ${types.get(name)}`).join(', ');
  const path = join(scratch, `${files++}.rowbinary`);
  writeFileSync(path, body);
  try {
    await session.queryAsync(
      `INSERT INTO ${table} (${columns}) SELECT * FROM file(${literal(path)}, 'RowBinary', ${literal(structure)}) ` +
        `${settings === '' ? 'SETTINGS' : `${settings},`} max_threads = 1, max_block_size = 10000000`,
    );
    return Buffer.alloc(0);
  } finally {
    rmSync(path);
  }
}

async function readAll(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** As a server does it: what is wrong with the statement is 4xx, the rest 500. */
function statusOf(code) {
  if ([60, 81].includes(code)) return 404;
  if ([6, 27, 33, 36, 38, 41, 46, 47, 62, 69, 70, 117, 131, 427, 456, 457].includes(code)) return 400;
  return 500;
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }
  if (url.pathname === '/-/lose-answers') {
    answersToLose = Number(url.searchParams.get('count'));
    response.end();
    return;
  }
  const body = await readAll(request);
  const inUrl = url.searchParams.get('query');
  const sql = inUrl ?? body.toString('utf8');
  try {
    const result = await withSession((session) =>
      run(session, { sql, body: inUrl === null ? Buffer.alloc(0) : body, url }),
    );
    if (/^\s*INSERT/i.test(sql) && answersToLose > 0) {
      answersToLose -= 1;
      request.socket.destroy();
      return;
    }
    send(request, response, { status: 200, headers: {}, body: result });
  } catch (error) {
    const message = String(error.message);
    const code = Number(/Code: (\d+)\./.exec(message)?.[1] ?? 1002);
    send(request, response, {
      status: statusOf(code),
      headers: { 'X-ClickHouse-Exception-Code': String(code) },
      body: Buffer.from(`${message} (version 26.7.2.1)\n`),
    });
  }
}

function send(request, response, { status, headers, body }) {
  const url = new URL(request.url, 'http://localhost');
  const wanted = url.searchParams.get('enable_http_compression') === '1';
  const gzip = wanted && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Server-Display-Name': 'chdb',
    'X-ClickHouse-Query-Id': url.searchParams.get('query_id') ?? '',
    'X-ClickHouse-Format': url.searchParams.get('default_format') ?? 'TabSeparated',
    'X-ClickHouse-Summary': '{}',
    ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    ...headers,
  });
  response.end(gzip ? gzipSync(body, { level: 1 }) : body);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    // A client that went away while it sent is no news.
    if (error.code !== 'ECONNRESET') console.error(error);
    request.socket.destroy();
  });
});
// Longer than the client's own idle time, so that it never writes to a connection that was just closed.
server.keepAliveTimeout = 30_000;
server.listen(Number(options.port), '127.0.0.1', () =>
  console.log(JSON.stringify({ port: server.address().port })),
);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit(0));
// A test that dies takes this with it.
process.stdin.on('end', () => process.exit(0)).resume();
