import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber, NON_ASCII, SECRET_KEY, SUSPICIOUS, type ScrubConfig } from './scrubber.js';

const all: ScrubConfig = {
  secrets: true,
  queryStrings: true,
  emails: true,
  cardNumbers: true,
  keys: ['ssn', 'Customer-Code'],
};
const byDefault: ScrubConfig = { ...all, emails: false, keys: [] };
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----';

/** As the decoder does it: the careful look only where the cheap one asks for it. */
function scrub(text: string, config = byDefault): string {
  const scrubber = createScrubber(config);
  const bytes = Buffer.from(text);
  return (scrubber.inspect(bytes, 0, bytes.length) & SUSPICIOUS) === 0 ? text : scrubber.scrub(text);
}

describe('values', () => {
  it.each([
    [`Authorization: Bearer ${jwt}`, 'Authorization: Bearer [scrubbed]'],
    ['sent BEARER abc123def456', 'sent BEARER [scrubbed]'],
    ['Basic dXNlcjpwYXNzd29yZA==', 'Basic [scrubbed]'],
    [`token in the text ${jwt} ends`, 'token in the text [scrubbed] ends'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key [scrubbed] used'],
    ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', '[scrubbed]'],
    ['github_pat_11ABCDEFG0abcdefghijkl_0123456789abcdef', '[scrubbed]'],
    ['glpat-abcdefghij0123456789', '[scrubbed]'],
    [`xoxb-123456789012-abcdefGHIJKL`, '[scrubbed]'],
    ['sk_live_abcdefghijklmnop1234', '[scrubbed]'],
    [`before ${pem} after`, 'before [scrubbed] after'],
    [pem.slice(0, 50), '[scrubbed]'],
    ['login failed password=hunter2 user=root', 'login failed password=[scrubbed] user=root'],
    ['PASSWORD: hunter2', 'PASSWORD: [scrubbed]'],
    ['{"user":"a","password":"hunter 2","n":1}', '{"user":"a","password":"[scrubbed]","n":1}'],
    ['"{\\"apiKey\\":\\"abc\\"}"', '"{\\"apiKey\\":\\"[scrubbed]\\"}"'],
    ["client_secret: 'q w'", "client_secret: '[scrubbed]'"],
    ['api_key=abc&x=1', 'api_key=[scrubbed]&x=1'],
    ['Set-Cookie: sid=1f2e', 'Set-Cookie: [scrubbed]'],
    ['GET /a?token=abc&page=2', 'GET /a?token=[scrubbed]&page=2'],
    [
      'https://s3/x?X-Amz-Signature=ff&X-Amz-Credential=A%2F1',
      'https://s3/x?X-Amz-Signature=[scrubbed]&X-Amz-Credential=[scrubbed]',
    ],
    ['/x?sv=1&sig=ab%2B', '/x?sv=1&sig=[scrubbed]'],
    ['card 4111 1111 1111 1111 declined', 'card [scrubbed] declined'],
    ['4111111111111111', '[scrubbed]'],
    ['378282246310005,5555-5555-5555-4444', '[scrubbed],[scrubbed]'],
  ])('%s', (text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it.each([
    'Unexpected token: foo',
    'Uses basic authentication and a bearer token',
    'the password was wrong',
    'GET /api/keys?page=1&monkey=2',
    'order 4111111111111112 shipped', // Fails Luhn's check.
    'trace 4bf92f3577b34da6a3ce929d0e0e4736',
    '1795364147953000000',
    'took 1234567890123 ns',
    'AKIA is a prefix',
    'eyJ is where a JWT begins',
    'mail ada@example.org',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Zahlung für Café ✓',
  ])('leaves alone: %s', (text) => {
    expect(scrub(text)).toBe(text);
  });

  it('replaces e-mail addresses when asked to', () => {
    expect(scrub('from ada.l+x@mail.example.org. To: <b@c.de>, not @home or a@b', all)).toBe(
      'from [scrubbed]. To: <[scrubbed]>, not @home or a@b',
    );
  });

  it('does nothing when all is off', () => {
    const off: ScrubConfig = {
      secrets: false,
      queryStrings: false,
      emails: false,
      cardNumbers: false,
      keys: [],
    };
    const text = `password=x ?token=1 4111111111111111 ${jwt} a@b.cd`;
    expect(scrub(text, off)).toBe(text);
    expect(createScrubber(off).secretKey('password')).toBe(false);
  });

  it('looks carefully at every text that a rule would change, wherever the secret stands', () => {
    const secrets = [
      'password=hunter2',
      `Bearer ${jwt}`,
      'AKIAIOSFODNN7EXAMPLE',
      '?apikey=1x',
      '4111 1111 1111 1111',
      'a@b.cd',
      pem,
    ];
    const scrubber = createScrubber(all);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.constantFrom(...secrets),
        fc.string({ maxLength: 40 }),
        (a, b, c) => {
          const text = `${a} ${b} ${c}`;
          const bytes = Buffer.from(text);
          if (scrubber.scrub(text) !== text) {
            expect(scrubber.inspect(bytes, 0, bytes.length) & SUSPICIOUS).toBe(SUSPICIOUS);
          }
        },
      ),
      { seed: 20_261_122, numRuns: 2000 },
    );
  });

  it('says whether a text is plain ASCII', () => {
    const scrubber = createScrubber(byDefault);
    const bytes = Buffer.from('abcü');
    expect(scrubber.inspect(bytes, 0, 3)).toBe(0);
    expect(scrubber.inspect(bytes, 0, bytes.length)).toBe(NON_ASCII);
  });

  it.each([
    ['eyJ'.repeat(100_000)],
    ['-eyJ'.repeat(80_000)],
    ['password="'.repeat(30_000)],
    ["password='".repeat(30_000)],
    ['-----BEGIN '.repeat(30_000)],
    ['-----BEGIN PRIVATE KEY-----'.repeat(10_000)],
    ['bearer '.repeat(40_000)],
    ['?a_a_a_a_'.repeat(30_000)],
    ['@'.repeat(300_000)],
    ['a@a.'.repeat(80_000)],
    ['4 '.repeat(150_000)],
    ['4'.repeat(300_000)],
    [`token${' '.repeat(300_000)}=`],
  ])('takes hostile texts in a moment (%#)', (text) => {
    const scrubber = createScrubber(all);
    const started = process.cpuUsage();
    scrubber.scrub(text);
    // Quadratic work on 300 kB would take minutes.
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(3);
  });
});

describe('keys', () => {
  const scrubber = createScrubber(all);
  it.each([
    'password',
    'db.password',
    'dbPassword',
    'DB_PASSWORD_2',
    'user.passwd',
    'client_secret',
    'x-api-key',
    'X_API_KEY',
    'apiKey',
    'api.key',
    'http.request.header.authorization',
    'http.request.header.set-cookie',
    'access_token',
    'refreshToken',
    'private_key',
    'aws.secret.access.key',
    'credentials',
    'signature',
    'user.ssn',
    'customer_code',
  ])('%s is a secret', (key) => {
    const bytes = Buffer.from(key);
    for (let i = 0; i < 2; i++) expect(scrubber.inspectKey(bytes, 0, bytes.length)).toBe(SECRET_KEY);
  });

  it.each([
    'key',
    'message',
    'http.route',
    'gen_ai.usage.input_tokens',
    'token.count',
    'token_type',
    'aws.secretsmanager.secret.arn',
    'password.length',
    'k8s.secret.name',
    'db.key',
    'monkey',
    'session.id',
    'author',
    'secretary',
  ])('%s is none', (key) => {
    const bytes = Buffer.from(key);
    for (let i = 0; i < 2; i++) expect(scrubber.inspectKey(bytes, 0, bytes.length)).toBe(0);
  });

  it('knows keys of any length, and those that are not ASCII', () => {
    const long = Buffer.from(`${'x'.repeat(200)}.password`);
    expect(scrubber.inspectKey(long, 0, long.length)).toBe(SECRET_KEY);
    const umlaut = Buffer.from('größe');
    expect(scrubber.inspectKey(umlaut, 0, umlaut.length)).toBe(NON_ASCII);
  });
});
