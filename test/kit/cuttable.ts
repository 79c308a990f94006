/** A wire that can be cut: passes on whatever is said to a server of this machine, until it ends every connection without a word, as a lost network does. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Cuttable { url: string; /** All that are open now; how many there were. */ cut(): number; stop(): Promise<void> }

export async function cuttable(to: string): Promise<Cuttable> {
  const { port, pathname } = new URL(to);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), '127.0.0.1');
    const end = (): void => { client.destroy(); upstream.destroy(); open.delete(client); };
    open.add(client);
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    cut() {
      const were = open.size;
      for (const socket of open) socket.resetAndDestroy();
      return were;
    },
    stop: () => new Promise((resolve) => { server.close(() => resolve()); for (const socket of open) socket.destroy(); }),
  };
}
