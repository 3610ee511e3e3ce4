import { z } from 'zod';

/**
 * What Slack takes, from its reference of blocks (docs.slack.dev/reference/block-kit/blocks) and of incoming
 * webhooks, read in 2026: only the blocks that Lemni sends. Strict: a field Slack does not know is
 * `invalid_blocks` there too.
 */
const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });

const block = z.union([
  z.strictObject({ type: z.literal('section'), text: mrkdwn(3000) }),
  z.strictObject({ type: z.literal('section'), fields: z.array(mrkdwn(2000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn(3000)).min(1).max(10) }),
]);

const message = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z.array(block).min(1).max(50),
  channel: z.string().optional(),
});

/** Not documented; slackapi/bolt-js issue 2509 found it. */
const maxTotal = 13_200;

/** How Slack answers a body: status and text. */
export function slackAnswer(body: string): { readonly status: number; readonly text: string } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { status: 400, text: 'invalid_payload' };
  }
  const parsed = message.safeParse(json);
  if (!parsed.success) return { status: 400, text: 'invalid_blocks' };
  if (JSON.stringify(parsed.data.blocks).length > maxTotal)
    return { status: 400, text: 'msg_blocks_too_long' };
  return { status: 200, text: 'ok' };
}
