/** A port of loopback that nobody listens on at the moment, and that was not handed out here before: the system may offer one twice. */
import { createServer, type AddressInfo } from 'node:net';

const handedOut = new Set<number>();

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  if (handedOut.has(port)) return freePort();
  handedOut.add(port);
  return port;
}
