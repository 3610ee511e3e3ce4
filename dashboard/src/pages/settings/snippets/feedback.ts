import type { Target } from './otel.js';

/** For a page's head: a button, a dialog, and the moment it belongs to. */
export function widgetTag({ url, key }: Target): string {
  return `<script src="${url}/widget.js" data-key="${key ?? 'PUBLIC_KEY'}"
  data-service="shop" data-version="1.4.0" data-environment="production" async></script>`;
}

/** For a page: the person's words, and the moment they belong to. */
export function feedbackFetch({ url, key }: Target): string {
  return `await fetch('${url}/api/feedback', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer ${key ?? 'PUBLIC_KEY'}' },
  body: JSON.stringify({
    service: 'shop',
    version: '1.4.0',
    environment: 'production',
    rating: 2,
    message: 'Paying failed',
    page: location.href,
    traceId, // of the request that failed, when you have it
  }),
});`;
}

/** For a pipeline step on GitHub or elsewhere, and for scripts. */
export const rule = `groups:
  - name: shop
    rules:
      - alert: CheckoutFails
        kind: errors
        service: checkout
        above: 5%
        window: 5m
        for: 2m
        severity: critical`;
