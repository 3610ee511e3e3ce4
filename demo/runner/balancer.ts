import { Agent, createServer, request, type Server } from 'node:http';
import { once } from 'node:events';

/** Stands before a service, so that one release can take over from another without a lost request. */
export interface Balancer {
  readonly url: string;
  /** New requests go there from now on. */
  switchTo(port: number): void;
  close(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  let target = 0;
  const agent = new Agent({ keepAlive: false });
  const server: Server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request(
      { host: '127.0.0.1', port: target, method, path: url, headers, agent },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The balancer has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    switchTo: (port) => void (target = port),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
