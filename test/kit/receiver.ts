/** A receiver of webhooks for a test: a real HTTP server that keeps what arrives and answers as it is told. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Arrived { headers: IncomingHttpHeaders; body: string; path: string }
export type Reply = (response: ServerResponse, arrived: Arrived) => void;

export interface Receiver {
  url: string;
  arrived: Arrived[];
  /** What it answers from now on. */
  reply: Reply;
  close(): Promise<void>;
}

export const answering = (code: number, headers: Record<string, string> = {}): Reply => (response) => void response.writeHead(code, headers).end(`answered ${code}`);

/** With a key and a certificate it speaks TLS. */
export async function openReceiver(reply: Reply = answering(204), tls?: { key: string; cert: string }): Promise<Receiver> {
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part)).on('end', () => {
      const arrived = { headers: request.headers, body: Buffer.concat(parts).toString(), path: request.url ?? '' };
      receiver.arrived.push(arrived);
      receiver.reply(response, arrived);
    });
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/hook`, arrived: [], reply,
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
  return receiver;
}

/** What a partner does: the event when the signature is right; throws otherwise. */
export const verified = (secret: string, { headers, body }: Arrived): any => new Webhook(secret).verify(body, headers as Record<string, string>);
export const verifies = (secret: string, arrived: Arrived): boolean => {
  try {
    return verified(secret, arrived) !== undefined;
  } catch {
    return false;
  }
};
