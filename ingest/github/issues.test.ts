import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { mapIssue } from './events/issues.js';

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}[];
const issues = examples.find(({ name }) => name === 'issues');

describe('the event issues', () => {
  it('tells of GitHub’s own examples that are closed or opened again, and of no other', () => {
    const told = (issues?.examples ?? []).map((payload) => [payload['action'], mapIssue(payload)] as const);
    expect(told.length).toBeGreaterThan(15);
    for (const [action, news] of told) {
      if (action !== 'closed' && action !== 'reopened') expect(news).toBeUndefined();
      else
        expect(news).toMatchObject({
          place: 'Codertocat/Hello-World',
          state: action === 'closed' ? 'closed' : 'open',
        });
    }
    expect(told.filter(([, news]) => news !== undefined).length).toBeGreaterThan(0);
  });

  it('says why it was closed, when GitHub does', () => {
    const payload = (more: object) => ({
      action: 'closed',
      issue: {
        number: 7,
        html_url: 'https://github.com/acme/shop/issues/7',
        updated_at: '2026-11-22T10:00:00Z',
        ...more,
      },
      repository: { name: 'shop', full_name: 'acme/shop' },
      sender: { login: 'carol' },
    });
    expect(mapIssue(payload({ state_reason: 'not_planned' }))).toEqual({
      ...{ place: 'acme/shop', number: 7, url: 'https://github.com/acme/shop/issues/7', state: 'closed' },
      ...{ reason: 'not_planned', updatedAt: Date.parse('2026-11-22T10:00:00Z'), actor: 'carol' },
    });
    expect(mapIssue(payload({ state_reason: 'because' }))?.reason).toBeNull();
    expect(mapIssue(payload({ updated_at: 'yesterday' }))?.updatedAt).toBe(0);
    expect(() => mapIssue(payload({ number: 'seven' }))).toThrow('"issue.number" is missing or wrong');
    expect(() => mapIssue(null)).toThrow('not as GitHub documents it');
  });
});
