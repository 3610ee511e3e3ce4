import type { Secret } from '../../../src/lib/secret.js';
import { shownUrl } from '../../../src/lib/outbound/redact.js';
import type { OutboundResponse } from '../../../src/lib/outbound/request.js';
import { answered, deliver, receiverUrl, type DeliverDeps } from '../deliver.js';
import type { Notifier, Outcome, OutgoingMessage } from '../notifier.js';
import { repeated, slackMessage, type SlackMessage } from './message.js';

export interface SlackConfig {
  readonly name: string;
  readonly url: Secret;
  readonly sendResolved: boolean;
  /** Only the oldest kind of webhook, and Slack's imitators, post elsewhere than where they were made for. */
  readonly channel?: string | undefined;
}

/** About one message a second to a channel (docs.slack.dev, "Rate limits"). */
const paceMs = 1000;

/**
 * Words of an answer after which the same body can never be taken: the message is wrong for Slack, or the
 * webhook is no more (docs.slack.dev, "Handling errors" of incoming webhooks).
 */
const forGood =
  /^(invalid_payload|invalid_blocks|invalid_blocks_format|no_text|msg_too_long|msg_blocks_too_long|too_many_attachments|user_not_found|channel_not_found|channel_is_archived|action_prohibited|posting_to_general_channel_denied|no_service|no_service_id|no_team|no_active_hooks|invalid_token|team_disabled)\b/;

/** A Slack incoming webhook. Throws `BadInput` for a URL that is none. */
export function slack(config: SlackConfig, deps: DeliverDeps): Notifier {
  const url = receiverUrl('Slack webhook', config.name, config.url.reveal());
  return {
    name: config.name,
    kind: 'slack',
    target: shownUrl(url),
    sendResolved: config.sendResolved,
    paceMs,
    compose: (content) => JSON.stringify(slackMessage(content, config.channel)),
    send: (message, context) =>
      deliver(deps, { url, body: bodyOf(message), judge: (response) => judge(response, url) }, context),
  };
}

function bodyOf({ payload, mayBeRepeated = false }: OutgoingMessage): string {
  if (!mayBeRepeated) return payload;
  return JSON.stringify(repeated(JSON.parse(payload) as SlackMessage)); // compose wrote it.
}

/** `ok` in 200 is success; a 200 that says `"ok": false` is none (the Web API's way), whatever sent it. */
function judge(response: OutboundResponse, url: URL): Outcome | undefined {
  const { status, excerpt } = response;
  const refused = status >= 200 && status < 300 && /^\s*\{.*"ok"\s*:\s*false/s.test(excerpt);
  const said = refused ? (/"error"\s*:\s*"([a-z_]+)"/.exec(excerpt)?.[1] ?? '') : excerpt;
  const error = answered(response, url);
  if (forGood.test(said)) {
    const gone = status === 404 || status === 410 || status === 403;
    return { ok: false, retry: false, reason: gone ? 'gone' : 'client_error', error };
  }
  return refused ? { ok: false, retry: true, reason: 'client_error', error } : undefined;
}
