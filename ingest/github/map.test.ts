import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../src/lib/errors.js';
import { sharedData } from '../../test/support/shared-data.js';
import { toChange } from '../changes/change.js';
import { versionOf } from './events/version.js';
import { mapEvent } from './map.js';
import { servicesOf, type Mapped } from './mapping.js';

const options = { services: servicesOf({}) };
const now = Date.parse('2026-11-22T10:00:00Z');
/** Typed by hand: the package's types speak of a default export that its JSON does not have. */
const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly unknown[];
}[];
const recorded = sharedData('wire/github');
const body = (name: string): unknown => JSON.parse(readFileSync(join(recorded ?? '', name), 'utf8'));

/** A payload with only what is read. */
const deployment = (change: object = {}, status?: object) => ({
  deployment: {
    id: 7,
    ref: 'main',
    sha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
    environment: 'production',
    created_at: '2026-11-22T09:00:00Z',
    creator: { login: 'ada' },
    payload: {},
    ...change,
  },
  ...(status && { deployment_status: { created_at: '2026-11-22T09:05:00Z', ...status } }),
  repository: { name: 'shop', full_name: 'Acme/Shop', default_branch: 'main' },
});
const changeOf = (mapped: Mapped) => {
  if (mapped.kind !== 'change') throw new Error(mapped.reason);
  return mapped.change;
};

describe.skipIf(recorded === undefined)('recorded deliveries', () => {
  it.each([
    [
      'deployment',
      'deployment.created.json',
      {
        id: 'github:Codertocat/Hello-World:deployment:145988746',
        type: 'service.deployed',
        status: 'started',
        service: 'Hello-World',
        environment: 'production',
        version: 'f95f852',
        commit: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
        actor: 'Codertocat',
      },
    ],
    [
      'deployment_status',
      'deployment_status.created.json',
      { status: 'succeeded', environment: 'production', version: 'f95f852' },
    ],
    [
      'deployment_status',
      'deployment_status.created.1.json',
      {
        status: 'started',
        environment: 'github-pages',
        url: 'https://github.com/CorsixTH/CorsixTH/runs/4687056418?check_suite_focus=true',
      },
    ],
    [
      'workflow_run',
      'workflow_run.completed.1.json',
      { type: 'pipelinerun.finished', status: 'succeeded', service: 'octo-repo' },
    ],
    ['workflow_run', 'workflow_run.requested.json', { type: 'pipelinerun.started', status: 'started' }],
  ])('%s %s', (event, file, expected) => {
    expect(changeOf(mapEvent(event, body(file), options))).toMatchObject(expected);
  });

  it('ignores tags that were pushed and deleted, runs without a result, and events it has no use for', () => {
    const reasons = [
      ['push', 'push.default.json'],
      ['push', 'push.default.1.json'],
      ['workflow_run', 'workflow_run.completed.json'],
      ['issues', 'issues.opened.json'],
    ].map(([event, file]) => mapEvent(event ?? '', body(file ?? ''), options));
    expect(reasons).toEqual([
      { kind: 'ignored', reason: 'refs/tags/simple-tag is not the default branch' },
      { kind: 'ignored', reason: 'refs/tags/simple-tag was deleted' },
      { kind: 'ignored', reason: 'the conclusion "null" says no result' },
      { kind: 'ignored', reason: 'events "issues" are not used' },
    ]);
  });
});

describe('every example that GitHub publishes', () => {
  it('makes a change that can be stored, or is ignored with a reason', () => {
    const kinds: Record<string, number> = {};
    for (const { name, examples: payloads } of examples) {
      for (const payload of payloads) {
        const mapped = mapEvent(name, payload, options);
        kinds[`${name} ${mapped.kind}`] = (kinds[`${name} ${mapped.kind}`] ?? 0) + 1;
        if (mapped.kind === 'ignored') continue;
        const change = toChange(mapped.change, { source: 'github', now, maxFutureMs: 0 });
        expect(change.id).toMatch(/^github:/);
        expect(change.at).toBeLessThan(now);
        expect(change.service).not.toBe('');
      }
    }
    expect(kinds['deployment change']).toBe(4);
    expect(kinds['deployment_status change']).toBe(4);
    expect(kinds['workflow_run change']).toBeGreaterThan(2);
    expect(kinds['issues ignored']).toBe(29);
    expect(Object.keys(kinds).filter((kind) => kind.endsWith('change')).length).toBeLessThanOrEqual(4);
  });
});

describe('a deployment', () => {
  it.each([
    ['a branch', { ref: 'main' }, 'f95f852'],
    ['a branch with a number', { ref: 'fix-404' }, 'f95f852'],
    ['a tag', { ref: 'v1.2.3' }, 'v1.2.3'],
    ['a tag of a part', { ref: 'checkout@2026.11.1-rc.2' }, 'checkout@2026.11.1-rc.2'],
    ['a tag in full', { ref: 'refs/tags/nightly' }, 'nightly'],
    ['a commit', { ref: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e' }, 'f95f852'],
    ['a version in the payload', { ref: 'main', payload: { version: ' 4.1 ' } }, '4.1'],
    ['a payload in a string', { ref: 'main', payload: '{"version":"4.2"}' }, '4.2'],
    ['a payload of another kind', { ref: 'main', payload: { version: 42 } }, 'f95f852'],
    ['a payload that is no JSON', { ref: 'main', payload: 'version=1' }, 'f95f852'],
  ])('of %s has a version', (_what, change, version) => {
    expect(versionOf(deployment(change).deployment)).toBe(version);
  });

  it('is of the configured service, in any case, or of the one its payload names', () => {
    const services = servicesOf({ 'acme/shop': 'checkout', constructor: 'x' });
    const service = (payload: unknown): unknown =>
      changeOf(mapEvent('deployment', payload, { services })).service;
    expect(service(deployment())).toBe('checkout');
    expect(service(deployment({ payload: { service: 'cart' } }))).toBe('cart');
    expect(service({ ...deployment(), repository: { name: 'toString', full_name: 'toString' } })).toBe(
      'toString',
    );
  });

  it('is a rollback when its task says so', () => {
    expect(changeOf(mapEvent('deployment', deployment({ task: 'deploy:Rollback' }), options)).type).toBe(
      'service.rolledback',
    );
  });

  it.each([
    ['queued', 'started'],
    ['pending', 'started'],
    ['in_progress', 'started'],
    ['success', 'succeeded'],
    ['failure', 'failed'],
    ['error', 'failed'],
    ['inactive', undefined],
    ['waiting', undefined],
    ['__proto__', undefined],
  ])('in state %s is %s', (state, status) => {
    const mapped = mapEvent('deployment_status', deployment({}, { state }), options);
    if (status === undefined) expect(mapped.kind).toBe('ignored');
    else {
      expect(changeOf(mapped)).toMatchObject({
        status,
        startedAt: '2026-11-22T09:00:00Z',
        ...(status === 'started' ? {} : { finishedAt: '2026-11-22T09:05:00Z' }),
      });
    }
  });
});

describe('a push', () => {
  const push = (more: object = {}) => ({
    ref: 'refs/heads/main',
    after: 'abc1234',
    commits: [
      {
        id: 'abc1234',
        message: 'Fix #7',
        timestamp: '2026-11-22T11:00:00+02:00',
        url: 'https://github.com/c',
        author: { name: 'Ada', username: 'ada' },
      },
    ],
    pusher: { name: 'ada' },
    repository: { name: 'shop', full_name: 'acme/shop', default_branch: 'main', pushed_at: 1795341600 },
    ...more,
  });
  it('to the default branch is a merged change with its commits', () => {
    expect(changeOf(mapEvent('push', push(), options))).toMatchObject({
      id: 'github:acme/shop:push:abc1234',
      type: 'change.merged',
      commit: 'abc1234',
      at: '2026-11-22T10:00:00.000Z',
      actor: 'ada',
      commits: [{ sha: 'abc1234', message: 'Fix #7', author: 'ada', url: 'https://github.com/c' }],
    });
  });
  it('of 2048 commits keeps the newest 500', () => {
    const commits = Array.from({ length: 2048 }, (_, i) => ({ id: `c${i}`, message: 'm' }));
    const told = changeOf(mapEvent('push', push({ commits }), options));
    const change = toChange(told, { source: 'github', now, maxFutureMs: 0 });
    expect([change.commits.length, change.commits.at(-1)?.sha]).toEqual([500, 'c2047']);
  });
  it('to another branch is ignored', () => {
    expect(mapEvent('push', push({ ref: 'refs/heads/topic' }), options).kind).toBe('ignored');
  });
});

describe('a workflow run', () => {
  const run = (conclusion: string | null) => ({
    action: 'completed',
    workflow_run: { id: 9, run_attempt: 2, head_sha: 'abc1234', conclusion },
    repository: { name: 'shop', full_name: 'acme/shop' },
  });
  it.each([
    ['success', 'succeeded'],
    ['failure', 'failed'],
    ['timed_out', 'failed'],
    ['cancelled', 'canceled'],
    ['action_required', undefined],
    [null, undefined],
  ])('that ended with %s is %s', (conclusion, status) => {
    const mapped = mapEvent('workflow_run', run(conclusion), options);
    if (status === undefined) expect(mapped.kind).toBe('ignored');
    else expect(changeOf(mapped)).toMatchObject({ status, id: 'github:acme/shop:pipelinerun.finished:9:2' });
  });
});

it('whatever is sent is a change, ignored, or bad input', () => {
  const shapes = [deployment(), deployment({}, { state: 'success' })];
  fc.assert(
    fc.property(
      fc.constantFrom('deployment', 'deployment_status', 'push', 'workflow_run', 'x'),
      fc.oneof(
        fc.jsonValue(),
        fc.tuple(fc.constantFrom(...shapes), fc.jsonValue(), fc.string()).map(([shape, value, key]) => ({
          ...shape,
          deployment: { ...shape.deployment, [key]: value, payload: value, ref: JSON.stringify(value) },
        })),
      ),
      (event, payload) => {
        try {
          const mapped = mapEvent(event, payload, options);
          if (mapped.kind === 'change') toChange(mapped.change, { source: 'github', now, maxFutureMs: 0 });
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput);
        }
      },
    ),
    { seed: 4, numRuns: 500 },
  );
});
