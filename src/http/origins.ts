import ipaddr from 'ipaddr.js';

/** `127.0.0.1`, `::1`, `::ffff:127.0.0.1`, `localhost`: an address or name that only this machine answers. */
export function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return false;
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  return ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback';
}

/** The name in a Host header, lower case, without the port; IPv6 keeps its brackets. */
export function hostName(hostHeader: string): string {
  return hostHeader.toLowerCase().replace(/:\d*$/, '');
}

export interface OriginRules {
  /** Where Lemni listens. */
  readonly host: string;
  /** How people reach it; empty: not said. */
  readonly publicUrl: string;
  /** Pages that may send telemetry and feedback: origins, or `*`. */
  readonly allowedOrigins: readonly string[];
}

/** The part of a request that says from which page and to which name it was sent. */
export interface Sender {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** `Sec-Fetch-Site`: same-origin, same-site, cross-site, none; absent outside browsers. */
  readonly fetchSite: string | undefined;
}

/**
 * Whether the page that sent the request is Lemni's own. Judged by the host alone where publicUrl does not
 * settle it: behind a proxy that ends TLS the schemes differ.
 */
export function isOwnOrigin(sender: Sender, rules: OriginRules): boolean {
  if (sender.origin === undefined || sender.origin === 'null') return false;
  const origin = parseUrl(sender.origin);
  if (!origin) return false;
  if (rules.publicUrl !== '' && origin.origin === parseUrl(rules.publicUrl)?.origin) return true;
  return sender.host !== undefined && origin.host === sender.host.toLowerCase();
}

/** Whether a page of this origin may send telemetry and feedback. */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.includes('*') || allowed.some((entry) => entry.replace(/\/$/, '') === origin);
}

/** For what changes something in a person's name: no other site's page may have sent it. */
export function isCrossSite(sender: Sender, rules: OriginRules): boolean {
  if (sender.origin !== undefined) return !isOwnOrigin(sender, rules);
  return sender.fetchSite !== undefined && sender.fetchSite !== 'same-origin' && sender.fetchSite !== 'none';
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * Against DNS rebinding: while Lemni listens on loopback, a page whose name was pointed at 127.0.0.1 must not
 * reach it. Such a page always names itself in Host, so only names that nobody else can own are answered.
 */
export function isExpectedHost(hostHeader: string | undefined, rules: OriginRules): boolean {
  if (!isLoopback(rules.host)) return true;
  // HTTP/1.0 without a Host: no browser.
  if (hostHeader === undefined) return true;
  const name = hostName(hostHeader);
  // `.internal` is reserved and never in the public DNS: how a container of Docker Desktop calls this machine.
  if (isLoopback(name) || name === 'host.docker.internal') return true;
  return rules.publicUrl !== '' && name === parseUrl(rules.publicUrl)?.hostname;
}
