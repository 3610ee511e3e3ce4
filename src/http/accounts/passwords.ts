import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Unavailable } from '../../lib/errors.js';

/** scrypt (RFC 7914): N = 2^ln, 128·N·r bytes of memory, p times over. */
export interface ScryptCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** One of OWASP's equivalent minimums (Password Storage Cheat Sheet, 2025): 32 MiB and about 0.3 s of a core. */
const defaultCost: ScryptCost = { ln: 15, r: 8, p: 3 };

/** What a hash in the database may ask for at most: a tampered one must not exhaust the memory. */
const maxCost = { ln: 18, r: 16, p: 8 };

const saltBytes = 16;
const hashBytes = 32;
/** Each takes 32 MiB and a thread of libuv's pool, which the stores use too. */
const concurrent = 2;
const maxWaiting = 64;

/** Hashes and checks passwords; a few at a time, and only so many may wait. */
export class Passwords {
  readonly #cost: ScryptCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #decoy: Promise<string> | undefined;

  constructor(cost: ScryptCost = defaultCost) {
    this.#cost = cost;
  }

  /** `$scrypt$ln=15,r=8,p=3$SALT$HASH` (PHC string format), both parts in base64 without padding. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const hash = await this.#derive(password, salt, this.#cost);
    const { ln, r, p } = this.#cost;
    return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
  }

  /** Takes as long for `undefined` (no such account) as for an account. */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    this.#decoy ??= this.hash(randomBytes(16).toString('hex'));
    const parsed = stored === undefined ? undefined : parseHash(stored);
    const against = parsed ?? parseHash(await this.#decoy);
    if (!against) return false;
    const hash = await this.#derive(password, against.salt, against.cost);
    return timingSafeEqual(hash, against.hash) && parsed !== undefined;
  }

  /** True when the hash was made with other costs than today's: hash again at the next login. */
  isOutdated(stored: string): boolean {
    const { ln, r, p } = this.#cost;
    return !stored.startsWith(`$scrypt$ln=${ln},r=${r},p=${p}$`);
  }

  async #derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
    if (this.#running >= concurrent) {
      if (this.#waiting.length >= maxWaiting) {
        throw new Unavailable('limit_exceeded', 'Too many people are logging in at once: try again.');
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await derive(password, salt, cost);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

function derive(password: string, salt: Buffer, { ln, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** ln;
  const options = { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    // The same text typed on another keyboard may come composed differently (NIST SP 800-63B, 5.1.1.2).
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, hash) => {
      if (error) reject(error);
      else resolve(hash);
    });
  });
}

const format = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parseHash(text: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } | undefined {
  const match = format.exec(text);
  if (!match) return undefined;
  const [ln, r, p] = match.slice(1, 4).map(Number) as [number, number, number]; // The pattern has them.
  if (ln < 1 || ln > maxCost.ln || r < 1 || r > maxCost.r || p < 1 || p > maxCost.p) return undefined;
  const salt = Buffer.from(match[4] ?? '', 'base64');
  const hash = Buffer.from(match[5] ?? '', 'base64');
  return hash.length === hashBytes ? { cost: { ln, r, p }, salt, hash } : undefined;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
