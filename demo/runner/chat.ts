import { once } from 'node:events';
import { createServer } from 'node:http';

/** A message as a Slack incoming webhook takes it. */
export interface ChatMessage {
  readonly at: number;
  /** Its words, without Slack's markup. */
  readonly text: string;
}

export interface Chat {
  readonly url: string;
  readonly messages: readonly ChatMessage[];
  close(): Promise<void>;
}

/** A chat of the demo's own: it answers as Slack does and shows what came. */
export async function startChat(show: (message: ChatMessage) => void): Promise<Chat> {
  const messages: ChatMessage[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message = { at: Date.now(), text: readable(Buffer.concat(chunks).toString()) };
      messages.push(message);
      show(message);
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The chat has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/services/T0DEMO/B0DEMO/demo`,
    messages,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface SlackText {
  readonly text?: unknown;
  readonly fields?: readonly SlackText[];
  readonly elements?: readonly SlackText[];
}

/** The blocks as a terminal shows them: links become their words, bold and emoji names go. */
function readable(body: string): string {
  try {
    const { text, blocks } = JSON.parse(body) as {
      text?: string;
      blocks?: readonly (SlackText & { text?: SlackText })[];
    };
    const parts = (blocks ?? []).flatMap((block) => [
      block.text,
      ...(block.fields ?? []),
      ...(block.elements ?? []),
    ]);
    const words = parts.flatMap((part) => (typeof part?.text === 'string' ? [part.text] : []));
    return plain(words.length > 0 ? words.join('\n') : (text ?? body));
  } catch {
    return body;
  }
}

function plain(text: string): string {
  return text
    .replace(/<([^|>]+)\|([^>]+)>/g, '$2')
    .replace(/<(https?:[^>]+)>/g, '$1')
    .replace(/:[a-z_]+: ?/g, '')
    .replace(/\*([^*\n]+)\*/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
