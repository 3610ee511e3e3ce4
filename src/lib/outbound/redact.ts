/**
 * A URL that may be shown: scheme, host and port. Whoever knows a webhook's path can post to it (Slack's are
 * secrets), so the rest never leaves this process other than to its receiver.
 */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}/...`;
}

/** A text in which the URL, its path and its query do not stand, whoever wrote it. */
export function withoutUrl(text: string, url: URL): string {
  const secrets = [url.href, `${url.pathname}${url.search}`, url.search, url.password, url.username];
  return secrets
    .filter((secret) => secret.length > 3)
    .reduce((shown, secret) => shown.replaceAll(secret, '...'), text);
}
