import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Suspect } from '../../../src/http/contract/suspects.js';
import { addressGuard } from '../../../src/lib/outbound/addresses.js';
import { Secret } from '../../../src/lib/secret.js';
import type { Alert } from '../../../src/model/alerts.js';
import type { Incident } from '../../../src/model/incidents.js';
import { listen, type BadReceiver } from '../../testing/receiver.js';
import { slackAnswer } from '../../testing/slack-rules.js';
import { linksOf } from '../links.js';
import type { NoticeContent, Notifier, Outcome } from '../notifier.js';
import { repeated, slackMessage, type SlackMessage } from './message.js';
import { slack } from './slack.js';

const at = Date.parse('2026-11-22T12:00:00Z');

const incident: Incident = {
  ...{ id: '01JDX', number: 12, title: 'checkout: requests fail', state: 'open', severity: 'critical' },
  ...{ services: ['checkout', 'web'], environment: 'prod', openedAt: at, acknowledgedAt: null },
  ...{ resolvedAt: null, assignee: null },
  summary: 'checkout: 7.2 % of requests fail (312 of 4,330 in 5 min), 3 min after 1.1 was deployed',
  lastDeploy: { service: 'checkout', version: '1.1', at: at - 180_000, releaseId: 'rel-1', actor: 'ada' },
};

const suspect: Suspect = {
  ...{ releaseId: 'rel-1', service: 'checkout', environment: 'prod', version: '1.1' },
  deployedAt: new Date(at - 180_000).toISOString(),
  probability: 0.874,
  title: 'checkout 1.1, deployed 3 min before',
  evidence: [
    { kind: 'share_of_failures', text: '98 % of the failures carry 1.1', weight: 2, link: null },
    { kind: 'before_after', text: '0.2 % failed before, 7.2 % after', weight: 1, link: null },
  ],
};

function alert(reason: string): Alert {
  return {
    ...{ id: 'a', ruleId: 'r', rule: 'High', group: 'g', fingerprint: 'f', state: 'firing', value: 1 },
    ...{ labels: { service: 'checkout' }, annotations: {}, title: 't', sentence: 's', reason, facts: {} },
    ...{ activeAt: at, firedAt: at, resolvedAt: null, keepFiringSince: null, incidentId: null, savedAt: 0 },
  };
}

function content(more: Partial<NoticeContent> = {}): NoticeContent {
  const all: Omit<NoticeContent, 'links'> = {
    ...{
      event: 'firing' as const,
      reopened: false,
      sequence: 1,
      at,
      incident,
      alerts: [alert('one')],
      suspect,
    },
    ...more,
  };
  const links = linksOf(all.incident, {
    ...{ publicUrl: 'https://lemni.example', alerts: all.alerts, suspect: all.suspect, now: at },
  });
  return { links, ...all };
}

/** Every text of the message, one after the other. */
function words({ text, blocks }: SlackMessage): string {
  const parts = blocks.flatMap((block) => {
    if (block.type === 'context') return block.elements;
    return 'fields' in block ? block.fields : [block.text];
  });
  return [text, ...parts.map((part) => part.text)].join('\n');
}

describe('a message for Slack', () => {
  it('says what is wrong, who may have caused it, how grave, where, and where to look', () => {
    const message = slackMessage(content(), undefined);
    // Slack's own types take them: the compiler says so.
    const blocks: readonly KnownBlock[] = message.blocks.map(
      (block) => structuredClone(block) as KnownBlock & typeof block,
    );
    expect(blocks).toHaveLength(4);
    expect(slackAnswer(JSON.stringify(message))).toEqual({ status: 200, text: 'ok' });
    expect(words(message)).toBe(
      [
        'Firing #12 checkout: requests fail: checkout: 7.2 % of requests fail (312 of 4,330 in 5 min), 3 min after 1.1 was deployed',
        ':red_circle: *<https://lemni.example/incidents/01JDX|#12 checkout: requests fail>*',
        'checkout: 7.2 % of requests fail (312 of 4,330 in 5 min), 3 min after 1.1 was deployed',
        '*Suspect* <https://lemni.example/releases/rel-1|checkout 1.1, deployed 3 min before>, 87 %',
        '> 98 % of the failures carry 1.1',
        '> 0.2 % failed before, 7.2 % after',
        '*Severity*',
        'critical',
        '*Services*',
        'checkout and web',
        '*Environment*',
        'prod',
        '<https://lemni.example/incidents/01JDX|Incident>  <https://lemni.example/releases/rel-1|Suspect release>  ' +
          '<https://lemni.example/traces?from=2026-11-22T11%3A30%3A00.000Z&amp;to=2026-11-22T12%3A15%3A00.000Z&amp;service=checkout&amp;status=error|Failed requests>  ' +
          '<https://lemni.example/logs?from=2026-11-22T11%3A30%3A00.000Z&amp;to=2026-11-22T12%3A15%3A00.000Z&amp;query=%28service%3Acheckout+OR+service%3Aweb%29+level%3E%3Dwarn|Logs>',
      ].join('\n'),
    );
  });

  it('names the last deploy when nobody was judged, and says when no release is to blame', () => {
    expect(words(slackMessage(content({ suspect: null }), undefined))).toContain(
      '*Last deploy* <https://lemni.example/releases/rel-1|checkout 1.1> by ada, 3 min before',
    );
    const nobody = {
      ...suspect,
      releaseId: null,
      title: 'No release is to blame',
      probability: 0.6,
      evidence: [],
    };
    const text = words(slackMessage(content({ suspect: nobody }), undefined));
    expect(text).toContain('*Suspect* No release is to blame, 60 %');
    expect(text).not.toContain('/releases/');
  });

  it('tells the end, the comeback and a test', () => {
    const resolved: Incident = { ...incident, state: 'resolved', resolvedAt: at + 720_000 };
    expect(words(slackMessage(content({ event: 'resolved', incident: resolved }), undefined))).toContain(
      ':white_check_mark: *<https://lemni.example/incidents/01JDX|#12 checkout: requests fail>* is resolved\nIt lasted 12 min. It was: checkout',
    );
    expect(words(slackMessage(content({ reopened: true }), undefined))).toMatch(
      /^Firing again #12[^]*fires again\n/,
    );
    const test = slackMessage(content({ event: 'test' }), '#ops');
    expect(test.channel).toBe('#ops');
    expect(slackAnswer(JSON.stringify(test)).text).toBe('ok');
  });

  it('lets nobody call the channel or fake a link', () => {
    const bad = '<!channel> <!here|x> <https://evil.example|Lemni> <@U123> @channel @Everyone & more\n*fake*';
    const text = words(
      slackMessage(
        content({
          incident: { ...incident, title: bad, summary: bad, services: [bad], environment: bad },
          suspect: { ...suspect, title: `${bad} | x`, evidence: [{ ...suspect.evidence[0]!, text: bad }] }, // There are two.
          alerts: [alert(bad), alert(bad)],
        }),
        undefined,
      ),
    );
    const links = [...text.matchAll(/<[^>]*>/g)].map(([link]) => link);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(link).toMatch(/^<https:\/\/lemni\.example\/[^<>|]*\|[^<>|]*>$/);
    expect(text).not.toMatch(/@(channel|here|everyone)/i);
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });

  it('is taken by Slack whatever stands in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 5000 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(text, { maxLength: 40 }),
        fc.constantFrom('firing' as const, 'resolved' as const, 'test' as const),
        (title, summary, many, event) => {
          const message = slackMessage(
            content({
              event,
              incident: { ...incident, title: `t${title}`, summary, services: many, environment: title },
              suspect: {
                ...suspect,
                title: `s${title}`,
                evidence: many.map((each) => ({ ...suspect.evidence[0]!, text: each })), // There are two.
              },
              alerts: many.map(alert),
            }),
            undefined,
          );
          expect(slackAnswer(JSON.stringify(repeated(message))).text).toBe('ok');
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it('is short with ten thousand alerts', () => {
    const alerts = Array.from({ length: 10_000 }, (_, i) => alert(`service-${i}: ${'&'.repeat(2000)}`));
    const message = slackMessage(
      content({ alerts, incident: { ...incident, summary: '<'.repeat(9000) } }),
      undefined,
    );
    expect(slackAnswer(JSON.stringify(message)).text).toBe('ok');
    expect(words(message)).toContain('and 9,992 more');
  });
});

let receiver: BadReceiver | undefined;
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

function hook(): Notifier {
  return slack(
    { name: 'team', url: new Secret(receiver?.url ?? ''), sendResolved: true },
    {
      guard: addressGuard(['127.0.0.0/8']),
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      ...{ timeoutMs: 500, userAgent: 'Lemni' },
    },
  );
}

async function send(mayBeRepeated = false): Promise<Outcome> {
  const notifier = hook();
  const message = { id: 'm1', payload: notifier.compose(content()), mayBeRepeated };
  return notifier.send(message, { now: at, signal: new AbortController().signal });
}

describe('a Slack webhook', () => {
  it('is posted to as JSON, and shows no secret', async () => {
    receiver = await listen((response, _count, body) => {
      const { status, text } = slackAnswer(body);
      response.writeHead(status).end(text);
    });
    expect(await send()).toEqual({ ok: true });
    expect(receiver.received[0]?.headers['content-type']).toBe('application/json');
    expect(hook().target).toBe(`http://127.0.0.1:${receiver.port}/...`);
    expect(() =>
      slack({ name: 'team', url: new Secret('hunter2'), sendResolved: true }, undefined as never),
    ).toThrow('The url of Slack webhook "team" is not an http or https address.');
  });

  it('says that it may have arrived before, when it may', async () => {
    receiver = await listen((response, _count, body) => {
      const { status, text } = slackAnswer(body);
      response.writeHead(status).end(text);
    });
    expect(await send(true)).toEqual({ ok: true });
    expect(receiver.received[0]?.body).toContain('Sent again: Lemni was stopped');
  });

  it.each([
    [400, 'invalid_blocks', { retry: false, reason: 'client_error' }],
    [403, 'action_prohibited', { retry: false, reason: 'gone' }],
    [404, 'channel_not_found', { retry: false, reason: 'gone' }],
    [404, 'no_service', { retry: false, reason: 'gone' }],
    [410, 'channel_is_archived', { retry: false, reason: 'gone' }],
    [500, 'rollup_error', { retry: true, reason: 'server_error' }],
    [404, 'a page of some proxy', { retry: true, reason: 'client_error' }],
    [200, '{"ok":false,"error":"channel_not_found"}', { retry: false, reason: 'client_error' }],
    [200, '{"ok":false,"error":"ratelimited"}', { retry: true, reason: 'client_error' }],
  ])('takes %i %s for what it is', async (status, text, want) => {
    receiver = await listen((response) => response.writeHead(status).end(text));
    const outcome = await send();
    expect(outcome).toMatchObject({ ok: false, ...want });
    expect(outcome).toHaveProperty(
      'error',
      `http://127.0.0.1:${receiver.port}/... answered ${status}: ${text}`,
    );
  });

  it('waits as long as Slack asks', async () => {
    receiver = await listen((response) =>
      response.writeHead(429, { 'retry-after': '30' }).end('ratelimited'),
    );
    expect(await send()).toMatchObject({ retry: true, reason: 'rate_limited', retryAfterMs: 30_000 });
  });

  it.each([
    ['hangs', () => undefined, 'timeout'],
    ['refuses', (r: { destroy(): unknown }) => void r.destroy(), 'network'],
  ] as const)('that %s is tried again', async (_name, answer, reason) => {
    receiver = await listen(answer);
    expect(await send()).toMatchObject({ ok: false, retry: true, reason });
  });
});
