/**
 * A port of loopback for a process that is going to be started, ended and started again: nobody listens on it, and it was not
 * handed out here before. Below those that a system hands out itself, to whoever listens anywhere or asks somebody: they could
 * take it before the process does, or while it is down.
 */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST = 11_000; // 10080 is one that fetch asks nothing of
const END = 32_000;
const handedOut = new Set<number>();

export async function freePort(): Promise<number> {
  const port = randomInt(FIRST, END);
  if (handedOut.has(port) || !await isFree(port)) return freePort();
  handedOut.add(port);
  return port;
}

const isFree = (port: number) => new Promise<boolean>((resolve) => {
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});
