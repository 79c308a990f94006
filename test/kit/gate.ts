/** A way to a server on which traffic can be stopped and let through again: what an engine looks like that is away, and comes back. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `isClosed`: whoever comes is hung up on; those who are there are when it closes. */
export interface Gate { url: string; close(): void; open(): void; stop(): void }

export async function gateTo(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isClosed = false;
  const server = createServer((client) => {
    if (isClosed) return void client.destroy();
    const upstream = connect(Number(port || 80), hostname);
    for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => { sockets.delete(one); other.destroy(); });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const hangUp = () => { for (const socket of sockets) socket.destroy(); };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() { isClosed = true; hangUp(); },
    open() { isClosed = false; },
    stop() { server.close(); hangUp(); },
  };
}
