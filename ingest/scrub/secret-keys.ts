/**
 * Which attribute keys name a secret. A key is cut into lower-case words at separators and at camel-case
 * humps: `http.request.header.set-cookie`, `dbPassword`, `X_API_KEY`.
 */

/** Wherever one of these words stands in a key, its value is a secret ... */
const secretWords = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'authorization',
  'cookie',
  'cookies',
  'credential',
  'credentials',
  'apikey',
  'jwt',
]);
/** ... unless the key ends in a word that says something about the secret: `secret.arn`, `password.length`. */
const harmlessEndings = new Set(
  'name arn count length type id age version policy expiry expired expires reset changed enabled required ttl status attempts domain path'.split(
    ' ',
  ),
);
/** `access_token` is a secret, `token.count` and `token_type` are not: only at a key's end. */
const secretEndings = new Set(['token', 'signature', 'pin', 'cvv', 'cvc', 'ssn']);
/** `key` alone is the most harmless word there is; after one of these it is not. */
const beforeKey = new Set(['api', 'private', 'access', 'secret', 'signing', 'encryption', 'auth', 'master']);

function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** A matcher of keys; `extra` are the user's, compared with a key's last words. */
export function secretKeyMatcher(builtIn: boolean, extra: readonly string[]): (key: string) => boolean {
  const endings = extra.map((key) => `_${wordsOf(key).join('_')}`).filter((ending) => ending !== '_');
  return (key) => {
    const words = wordsOf(key.slice(0, 256));
    if (endings.length > 0) {
      const joined = `_${words.join('_')}`;
      if (endings.some((ending) => joined.endsWith(ending))) return true;
    }
    if (!builtIn) return false;
    const last = words.at(-1) ?? '';
    if (secretEndings.has(last)) return true;
    if (last === 'key' && beforeKey.has(words.at(-2) ?? '')) return true;
    return !harmlessEndings.has(last) && words.some((word) => secretWords.has(word));
  };
}
