import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';

export interface Delivery {
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What the signature's independent judge made of it; undefined when it was refused. */
  readonly verified: { readonly type: string; readonly data: Record<string, unknown> } | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** A real receiver over loopback; `answer` says what it does with the next delivery, and may take its time. */
export class WebhookReceiver {
  readonly deliveries: Delivery[] = [];
  answer: (attempt: number) => Answer | Promise<Answer> = () => ({ status: 200 });
  readonly #server: Server;
  readonly #secret: string;

  private constructor(server: Server, secret: string) {
    this.#server = server;
    this.#secret = secret;
  }

  static async listen(secret: string): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        receiver.deliveries.push({
          at: Date.now(),
          headers: request.headers,
          body,
          verified: receiver.#verify(body, request.headers),
        });
        void Promise.resolve(receiver.answer(receiver.deliveries.length)).then(({ status, headers }) =>
          response.writeHead(status, headers).end(),
        );
      });
    });
    const receiver = new WebhookReceiver(server, secret);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The receiver does not listen.');
    return `http://127.0.0.1:${address.port}/hook`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #verify(body: string, headers: IncomingHttpHeaders): Delivery['verified'] {
    try {
      return new Webhook(this.#secret).verify(
        body,
        headers as Record<string, string>,
      ) as Delivery['verified'];
    } catch {
      return undefined;
    }
  }
}
