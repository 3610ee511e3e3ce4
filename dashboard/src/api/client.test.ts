import { describe, expect, it } from 'vitest';
import { urlOf } from './client.js';
import { problemOf } from './errors.js';
import { term } from './query-term.js';

describe('urlOf', () => {
  it('leaves out what is empty and escapes the rest', () => {
    expect(urlOf('/api/logs', { query: 'a b&c', limit: 5, service: '', cursor: null, to: undefined })).toBe(
      '/api/logs?query=a+b%26c&limit=5',
    );
    expect(urlOf('/api/loop')).toBe('/api/loop');
  });
});

describe('problemOf', () => {
  it('reads a problem document', async () => {
    const body = { title: 'No', status: 400, code: 'bad_request', detail: 'The query is wrong.', at: '7' };
    const headers = { 'content-type': 'application/problem+json' };
    const error = await problemOf(new Response(JSON.stringify(body), { status: 400, headers }));
    expect(error).toMatchObject({
      message: 'The query is wrong.',
      code: 'bad_request',
      at: '7',
      status: 400,
    });
  });

  it.each([
    ['a page of a proxy', new Response('<html>', { status: 502, statusText: 'Bad Gateway' })],
    ['broken JSON', new Response('{', { status: 502, headers: { 'content-type': 'application/json' } })],
  ])('makes a sentence of %s', async (_, response) => {
    const error = await problemOf(response);
    expect(error.status).toBe(502);
    expect(error.message).toMatch(/^The server answered 502/);
  });
});

describe('term', () => {
  it.each([
    ['checkout', 'service:checkout'],
    ['my service', 'service:"my service"'],
    ['a"b', 'service:"a\\"b"'],
    ['', 'service:""'],
  ])('%j', (value, expected) => {
    expect(term('service', value)).toBe(expected);
  });
});
