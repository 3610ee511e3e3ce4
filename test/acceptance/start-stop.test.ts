import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, freePort, Lemni } from '../support/lemni.js';
import { logsRequest, post } from '../support/otlp-json.js';

let lemni: Lemni;

beforeAll(async () => {
  lemni = await Lemni.start();
});

afterAll(() => lemni.remove());

function run(args: readonly string[], env: Record<string, string> = {}) {
  const result = spawnSync('bin/lemni', args, {
    encoding: 'utf8',
    env: { ...cleanEnvironment(), ...env },
    timeout: 30_000,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

describe('starting', () => {
  it('prints where to look and a link to log in once', () => {
    expect(lemni.output).toContain(`http://127.0.0.1:${lemni.port}`);
    expect(lemni.loginToken).toMatch(/^[\w-]{20,}$/);
  });

  it('answers probes and metrics', async () => {
    expect((await fetch(`${lemni.url}/-/healthy`)).status).toBe(200);
    expect((await fetch(`${lemni.url}/-/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${lemni.url}/metrics`)).text();
    for (const name of ['lemni_build_info', 'process_resident_memory_bytes']) expect(metrics).toContain(name);
  });

  it('refuses a second instance on the same data and names the first', async () => {
    const second = run(['serve'], {
      LEMNI_DATA_DIR: lemni.dataDir,
      LEMNI_PORT: String(await freePort()),
      LEMNI_GRPC_PORT: String(await freePort()),
    });
    expect(second.code).not.toBe(0);
    expect(second.err).toContain(String(lemni.pid));
    expect(second.err).not.toMatch(/\n\s+at /);
  });

  it('says which port is taken and what to do', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lemni-port-'));
    const second = run(['serve'], {
      LEMNI_DATA_DIR: directory,
      LEMNI_PORT: String(lemni.port),
      LEMNI_GRPC_PORT: '0',
    });
    rmSync(directory, { recursive: true, force: true });
    expect(second.code).not.toBe(0);
    expect(second.err).toContain(String(lemni.port));
    expect(second.err).toMatch(/LEMNI_PORT|--port/);
  });
});

describe('the command line', () => {
  it('explains a configuration', () => {
    const good = run(['config', 'check']);
    expect(good.code).toBe(0);
    const path = join(mkdtempSync(join(tmpdir(), 'lemni-config-')), 'lemni.yaml');
    writeFileSync(path, 'writer:\n  maxDely: 1s\n');
    const bad = run(['config', 'check'], { LEMNI_CONFIG: path });
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('lemni.yaml:2');
    expect(bad.err).toContain('did you mean maxDelay?');
  });

  it('creates, lists and revokes keys beside a running server', () => {
    const env = { LEMNI_DATA_DIR: lemni.dataDir };
    const created = run(['keys', 'create', '--scope', 'ingest', '--name', 'shop'], env);
    expect(created.code).toBe(0);
    const key = created.out.trim().split('\n').at(-1)?.trim() ?? '';
    expect(key).toMatch(/^\S{20,}$/);
    const listed = run(['keys', 'list'], env);
    expect(listed.out).toContain('shop');
    expect(listed.out).not.toContain(key);
    const id = /^(\S+).*shop/m.exec(listed.out)?.[1] ?? '';
    expect(run(['keys', 'revoke', id], env).code).toBe(0);
    expect(run(['keys', 'revoke', 'nonsense'], env).code).toBe(1);
  });

  it('knows its commands', () => {
    const help = run(['--help']).out;
    for (const command of ['serve', 'config', 'keys', 'users', 'rules', 'login-link'])
      expect(help).toContain(command);
  });
});

it('drains on SIGTERM, exits 0, and has everything at the next start', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      post(`${lemni.url}/v1/logs`, logsRequest({ service: 'drained' }, [{ body: `line ${i}` }])),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await lemni.stop()).toBe(0);
  const again = await Lemni.start({ dataDir: lemni.dataDir });
  const { Session } = await import('../support/session.js');
  const session = await Session.byLink(again);
  const { total } = await session.get<{ total: number }>(
    '/api/logs/histogram?query=service:drained&from=now-1h',
  );
  expect(total).toBe(20);
  expect(await again.stop()).toBe(0);
});
