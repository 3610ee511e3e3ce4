import { describe, expect, it } from 'vitest';
import { browserOf, groupSentence, mailTo, readsAnswers, whatPeopleSay } from './sentences.js';

const said = (...ratings: (number | null)[]) => ratings.map((rating) => ({ rating, state: 'open' as const }));

describe('whatPeopleSay', () => {
  it.each([
    [[], 'Nothing is open.'],
    [said(null), '1 message is open.'],
    [said(5, 4), '2 messages are open, 4.5 stars on average.'],
    [said(1, 2, 5, null), '4 messages are open, 2.7 stars on average, 2 with 1 or 2.'],
  ])('%#', (items, expected) => {
    expect(whatPeopleSay(items, { state: 'open', more: false })).toBe(expected);
  });

  it('says that the average is of the newest only when the list goes on', () => {
    expect(whatPeopleSay(said(5), { state: 'all', more: true })).toContain('of the newest');
  });
});

describe('browserOf', () => {
  it.each([
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari 18 on iPhone',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
      'Chrome 140 on Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
      'Edge 140 on Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox 130 on Linux'],
    [
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
      'Chrome 140 on Android',
    ],
    ['curl/8.5.0', 'curl/8.5.0'],
  ])('%s is %s', (agent, expected) => {
    expect(browserOf(agent)).toBe(expected);
  });
});

describe('groupSentence', () => {
  const group = { id: 'g', title: 't', createdAt: '', createdBy: '', lastAt: null, problemId: null };
  it.each([
    [{ count: 1, averageRating: null, state: 'open' as const }, '1 feedback'],
    [
      { count: 12, averageRating: 1.83, state: 'closed' as const },
      '12 feedbacks, 1.83 stars on average, closed',
    ],
  ])('%j', (more, sentence) => {
    expect(groupSentence({ ...group, ...more })).toBe(sentence);
  });
});

describe('mailTo', () => {
  it('quotes what was said and cannot be made to do more', () => {
    const mail = new URL(
      mailTo({
        email: 'mona@example.com?bcc=all@example.com',
        message: 'a&cc=x\nb',
        page: 'https://shop.example/',
      }),
    );
    expect(decodeURIComponent(mail.pathname)).toBe('mona@example.com?bcc=all@example.com');
    expect([...mail.searchParams.keys()]).toEqual(['subject', 'body']);
    expect(mail.searchParams.get('body')).toBe('\n\n> a&cc=x\n> b\n> (https://shop.example/)');
  });
});

describe('readsAnswers', () => {
  it.each([
    [`w-${'0a'.repeat(16)}`, true],
    ['01JD0000000000000000000000', false],
  ])('%s: %s', (id, reads) => {
    expect(readsAnswers(id)).toBe(reads);
  });
});
