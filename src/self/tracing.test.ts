import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { inSpan, startTracing, type Tracing } from './tracing.js';

let tracing: Tracing | undefined;

afterEach(() => tracing?.stop());

describe('own traces', () => {
  it('cost nothing and go nowhere when they are off', async () => {
    tracing = await startTracing({ to: undefined, version: '1' });
    const span = tracing.tracer.startSpan('x');
    expect(span.isRecording()).toBe(false);
  });

  it('go out as OTLP, with the failures marked', async () => {
    const bodies: Buffer[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks));
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    tracing = await startTracing({ to: `http://127.0.0.1:${port}/v1/traces`, version: '7.7.7' });
    const { tracer } = tracing;
    await inSpan(tracer, 'evaluate', () => Promise.resolve(1));
    await expect(inSpan(tracer, 'fail', () => Promise.reject(new Error('no disk')))).rejects.toThrow(
      'no disk',
    );
    await tracing.stop();
    server.close();
    const sent = Buffer.concat(bodies).toString('latin1');
    for (const word of ['lemni', '7.7.7', 'evaluate', 'fail', 'no disk']) expect(sent).toContain(word);
  });

  it('go into Lemni itself without a connection', async () => {
    const taken: Buffer[] = [];
    tracing = await startTracing({
      to: (request) => Promise.resolve(taken.push(request)),
      version: '1',
    });
    await inSpan(tracing.tracer, 'evaluate rules', () => Promise.resolve());
    await tracing.stop();
    expect(Buffer.concat(taken).toString('latin1')).toContain('evaluate rules');
  });
});
