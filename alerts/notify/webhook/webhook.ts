import type { Secret } from '../../../src/lib/secret.js';
import { shownUrl } from '../../../src/lib/outbound/redact.js';
import { deliver, receiverUrl, type DeliverDeps } from '../deliver.js';
import type { Notifier } from '../notifier.js';
import { webhookPayload } from './payload.js';
import { signatureHeaders, signingKey } from './signature.js';

export interface WebhookConfig {
  readonly name: string;
  readonly url: string;
  readonly secret: Secret;
  readonly sendResolved: boolean;
}

/** A generic webhook, signed as Standard Webhooks 1.0 says. Throws `BadInput` for a secret or URL that is none. */
export function webhook(config: WebhookConfig, deps: DeliverDeps): Notifier {
  const key = signingKey(config.name, config.secret);
  const url = receiverUrl('webhook', config.name, config.url);
  return {
    name: config.name,
    kind: 'webhook',
    target: shownUrl(url),
    sendResolved: config.sendResolved,
    compose: webhookPayload,
    send: (message, context) =>
      deliver(
        deps,
        { url, headers: signatureHeaders(key, message, context.now), body: message.payload },
        context,
      ),
  };
}
