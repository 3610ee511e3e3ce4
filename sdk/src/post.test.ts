import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { deploy } from './deploy.js';
import { feedback } from './feedback.js';
import { LemniRequestError } from './post.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A Lemni that answers what it is told, and what it was sent. */
async function lemni(answer: (response: ServerResponse, attempt: number) => void): Promise<{
  place: { url: string; key: string };
  bodies: Record<string, unknown>[];
  requests: IncomingMessage[];
}> {
  const bodies: Record<string, unknown>[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push(request);
      bodies.push(JSON.parse(body) as Record<string, unknown>);
      answer(response, bodies.length);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { place: { url: `http://127.0.0.1:${port}`, key: 'k' }, bodies, requests };
}

const accepted = { id: 'd', releaseId: 'r', duplicate: false };
const told = { service: 'shop', version: '1.0.0', startedAt: new Date(1_795_000_000_000) };

it('tries again under the same id, and shows its key', async () => {
  const { place, bodies, requests } = await lemni((response, attempt) => {
    if (attempt === 1) response.writeHead(503, { 'retry-after': '0' }).end();
    else if (attempt === 2) response.destroy();
    else response.end(JSON.stringify(accepted));
  });
  await expect(deploy(told, place)).resolves.toEqual(accepted);
  expect(bodies).toHaveLength(3);
  expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
  expect(requests[0]?.headers.authorization).toBe('Bearer k');
});

it('gives one id to one deploy and another to another', async () => {
  const { place, bodies } = await lemni((response) => response.end(JSON.stringify(accepted)));
  await deploy(told, place);
  await deploy(told, place);
  await deploy({ ...told, version: '1.0.1' }, place);
  await deploy({ ...told, id: 'run-7' }, place);
  const [first, again, next, named] = bodies.map(({ id }) => id);
  expect(again).toBe(first);
  expect(next).not.toBe(first);
  expect(named).toBe('run-7');
});

it('does not try again what is wrong, and says why', async () => {
  const { place, bodies } = await lemni((response) =>
    response.writeHead(400).end(JSON.stringify({ detail: '"rating" must be at most 5.' })),
  );
  const failing = feedback({ rating: 5, message: 'x' }, place);
  await expect(failing).rejects.toThrow(LemniRequestError);
  await expect(failing).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('"rating" must be at most 5.') as string,
  });
  expect(bodies).toHaveLength(1);
});

it('says when something else answers there', async () => {
  const { place } = await lemni((response) => response.end('<html>'));
  await expect(deploy(told, place)).rejects.toThrow('is not Lemni');
});
