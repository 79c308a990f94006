/** An HTTP server on this machine that keeps what it was sent and answers as it is told: for what stands between us and a real one. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded { method: string; path: string; headers: IncomingHttpHeaders; body: any }
export type Reply = (request: Recorded, response: ServerResponse) => void;

export interface RecordingServer { url: string; sent: Recorded[]; stop(): void }

export async function recordingServer(reply: Reply): Promise<RecordingServer> {
  const sent: Recorded[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one: Recorded = { method: request.method!, path: request.url!, headers: request.headers, body: text === '' ? null : (JSON.parse(text) as unknown) };
      sent.push(one);
      reply(one, response);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent,
    stop() { server.close(); server.closeAllConnections(); },
  };
}

export const replyJson = (response: ServerResponse, status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
