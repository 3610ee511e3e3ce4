/** Names of query parameters whose values may let somebody in, or say who it is. */
const secretName =
  /token|key|pass|pwd|secret|auth|code|sig|sess|sid|mail|phone|jwt|otp|pin|cred|state|nonce|user|name/i;
/** A token in the path: a JWT, or 40 characters without a break. UUIDs and titles have breaks. */
const secretSegment = /^(?:eyJ[\w-]+\.[\w.-]+|[A-Za-z0-9_=]{40,})$/;
/** Longer values are no words. */
const maxValue = 100;
const maxAddress = 1500;
const hidden = '***';

/** The page's address without what could be a secret: the server takes out more, but should not see it first. */
export function pageAddress(href: string): string {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return '';
  }
  if (!url.protocol.startsWith('http')) return url.protocol;
  const path = url.pathname
    .split('/')
    .map((segment) => (secretSegment.test(segment) ? hidden : segment))
    .join('/');
  const query = [...url.searchParams].map(([name, value]) => {
    const kept =
      secretName.test(name) || value.length > maxValue || secretSegment.test(value) ? hidden : value;
    return `${encodeURIComponent(name)}=${kept === hidden ? hidden : encodeURIComponent(kept)}`;
  });
  const search = query.length === 0 ? '' : `?${query.join('&')}`;
  // A route such as #/cart is kept; parameters behind # are what logins leave there.
  const route = url.hash.split('?')[0] ?? '';
  const hash = route.includes('=') || secretSegment.test(route.slice(1)) ? '' : route;
  return (url.origin + path + search + hash).slice(0, maxAddress);
}
