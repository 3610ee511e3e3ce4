import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gitHead } from './git-head.js';
import { findIdentity, resourceAttributes } from './identity.js';
import { nearestPackage } from './nearest-package.js';

const directory = mkdtempSync(join(tmpdir(), 'lemni-identity-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const sha = 'a'.repeat(40);
const other = 'b'.repeat(40);

function place(...files: readonly (readonly [string, string])[]): string {
  const root = mkdtempSync(join(directory, 'p-'));
  for (const [file, text] of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

describe('an identity', () => {
  const shop = { name: 'shop', version: '1.4.0' };
  const noGit = { commit: undefined, branch: undefined };
  it.each([
    ['the package, when nothing else speaks', {}, shop, { service: 'shop', version: '1.4.0' }],
    ['OTEL_SERVICE_NAME before the package', { OTEL_SERVICE_NAME: 'told' }, shop, { service: 'told' }],
    [
      'resource attributes before the package',
      { OTEL_RESOURCE_ATTRIBUTES: 'service.name=a%20b,service.version=9,vcs.ref.head.revision=abc' },
      shop,
      { service: 'a b', version: '9', commit: 'abc' },
    ],
    ['an empty variable says nothing', { OTEL_SERVICE_NAME: ' ', GITHUB_SHA: '' }, shop, { service: 'shop' }],
    [
      '0.0.0 says nothing: the platform does',
      { K_REVISION: 'shop-00042', K_SERVICE: 'run' },
      { name: undefined, version: '0.0.0' },
      { service: 'run', version: 'shop-00042' },
    ],
    [
      'the commit, for want of a version',
      { GITHUB_SHA: sha },
      undefined,
      { version: sha.slice(0, 12), commit: sha },
    ],
    [
      'Heroku',
      { HEROKU_SLUG_COMMIT: other, HEROKU_RELEASE_VERSION: 'v7' },
      undefined,
      { version: 'v7', commit: other },
    ],
    ['Render', { RENDER_GIT_COMMIT: sha, RENDER_GIT_BRANCH: 'main' }, shop, { commit: sha, branch: 'main' }],
    ['NODE_ENV', { NODE_ENV: 'production' }, shop, { environment: 'production' }],
    [
      'the environment told before NODE_ENV',
      { NODE_ENV: 'production', LEMNI_ENVIRONMENT: 'staging' },
      shop,
      { environment: 'staging' },
    ],
  ])('%s', (_what, env, nearest, expected) => {
    expect(findIdentity({ env, nearestPackage: nearest, git: () => noGit })).toMatchObject(expected);
  });

  it('asks git only when no variable tells the commit', () => {
    const git = (): { commit: string; branch: string } => ({ commit: other, branch: 'main' });
    expect(findIdentity({ env: {}, nearestPackage: shop, git })).toMatchObject({
      commit: other,
      branch: 'main',
    });
    const fails = (): never => {
      throw new Error('git was asked');
    };
    expect(findIdentity({ env: { GIT_COMMIT: sha }, nearestPackage: shop, git: fails }).commit).toBe(sha);
  });

  it.each([
    ['', {}],
    ['a=1,b=2%2C3', { a: '1', b: '2,3' }],
    ['=1,,b', {}],
    ['a=%E0%A4%A', { a: '%E0%A4%A' }],
  ])('takes resource attributes apart: %s', (text, expected) => {
    expect(resourceAttributes(text)).toEqual(expected);
  });
});

describe('the nearest package.json', () => {
  it('is the first with a name, upwards', () => {
    const root = place(
      ['package.json', '{"name":"shop","version":"2.0.0"}'],
      ['dist/package.json', '{"type":"module"}'],
      ['dist/server/main.js', ''],
    );
    expect(nearestPackage(join(root, 'dist/server'))).toEqual({ name: 'shop', version: '2.0.0' });
  });

  it.each(['{', 'null', '[]', '{"name":7,"version":{}}', ''])('passes over what is none: %s', (text) => {
    const root = place(['package.json', '{"name":"above"}'], ['app/package.json', text]);
    expect(nearestPackage(join(root, 'app'))).toEqual({ name: 'above', version: undefined });
  });
});

describe('the commit that is checked out', () => {
  it.each([
    [
      'a branch',
      [
        ['.git/HEAD', 'ref: refs/heads/main\n'],
        ['.git/refs/heads/main', `${sha}\n`],
      ],
      sha,
      'main',
    ],
    [
      'a packed branch',
      [
        ['.git/HEAD', 'ref: refs/heads/feature/x\n'],
        ['.git/packed-refs', `# pack-refs\n${other} refs/heads/feature/x\n`],
      ],
      other,
      'feature/x',
    ],
    ['a detached head', [['.git/HEAD', `${sha}\n`]], sha, undefined],
    [
      'a work tree',
      [
        ['.git', 'gitdir: real/worktrees/w\n'],
        ['real/worktrees/w/HEAD', 'ref: refs/heads/w\n'],
        ['real/worktrees/w/commondir', '../..\n'],
        ['real/refs/heads/w', sha],
      ],
      sha,
      'w',
    ],
    ['an empty repository', [['.git/HEAD', 'ref: refs/heads/main\n']], undefined, 'main'],
    ['nonsense', [['.git/HEAD', 'ref: ../../etc/passwd\n']], undefined, undefined],
  ] as const)('%s', (_what, files, commit, branch) => {
    const root = place(...files, ['app/server/main.js', '']);
    expect(gitHead(join(root, 'app/server'))).toEqual({ commit, branch });
  });
});
