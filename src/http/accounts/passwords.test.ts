import { describe, expect, it } from 'vitest';
import { Passwords } from './passwords.js';

const cheap = { ln: 4, r: 8, p: 1 };

describe('passwords', () => {
  it('are hashed with salt and costs, as OWASP asks', async () => {
    const passwords = new Passwords();
    const [one, two] = await Promise.all([passwords.hash('secret word'), passwords.hash('secret word')]);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify('secret word', one)).toBe(true);
    expect(await passwords.verify('secret wor', one)).toBe(false);
    expect(passwords.isOutdated(one)).toBe(false);
    expect(new Passwords(cheap).isOutdated(one)).toBe(true);
  });

  it('hashes of other costs still hold', async () => {
    const hash = await new Passwords({ ln: 5, r: 4, p: 2 }).hash('x');
    expect(await new Passwords(cheap).verify('x', hash)).toBe(true);
  });

  it('the same text, composed in another way, is the same password', async () => {
    const passwords = new Passwords(cheap);
    const hash = await passwords.hash('Zoe\u0308 ﬁsh');
    expect(await passwords.verify('Zo\u00eb fish', hash)).toBe(true);
  });

  it('nobody has a password that is not there', async () => {
    const passwords = new Passwords(cheap);
    for (const word of ['', 'x', 'undefined']) expect(await passwords.verify(word, undefined)).toBe(false);
  });

  it.each([
    '',
    'plain',
    '$scrypt$ln=4,r=8,p=1$$',
    '$scrypt$ln=4,r=8,p=1$AAAA$AAAA',
    '$scrypt$ln=99,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$scrypt$ln=0,r=0,p=0$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=65536,t=3,p=4$AAAA$AAAA',
  ])('a hash that is none lets nobody in: %s', async (stored) => {
    expect(await new Passwords(cheap).verify('', stored)).toBe(false);
  });

  it('an unknown account takes as long as a known one', async () => {
    const passwords = new Passwords({ ln: 14, r: 8, p: 1 });
    const hash = await passwords.hash('x');
    await passwords.verify('x', undefined);
    const time = async (stored: string | undefined): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await passwords.verify('wrong', stored);
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const ratio = (await time(undefined)) / (await time(hash));
    // Without the work it would be a hundredth.
    expect(ratio).toBeGreaterThan(0.2);
    expect(ratio).toBeLessThan(5);
  });

  it('only so many wait', async () => {
    const passwords = new Passwords(cheap);
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.hash('x')));
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(100 - 2 - 64);
    expect(refused[0]?.reason).toMatchObject({ code: 'limit_exceeded' });
    // All places are free again.
    await Promise.all(Array.from({ length: 66 }, () => passwords.hash('x')));
  });
});
