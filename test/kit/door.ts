/** A door before a server: whoever goes through it can be cut off and let in again, while the server knows nothing of it. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Door {
  /** The same URL, through the door. */
  url: string;
  /** Cuts everybody off; who comes now finds nobody. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** Everybody is let in and nothing comes through, until it is let go on: a server that hangs. */
  freeze(): void;
  thaw(): void;
}

export async function doorBefore(url: string): Promise<Door> {
  const behind = new URL(url);
  const through = new Set<Socket>();
  let isFrozen = false;
  const pass = (socket: Socket) => {
    const further = connect(Number(behind.port), behind.hostname);
    for (const [one, other] of [[socket, further], [further, socket]] as const) {
      through.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => { through.delete(one); other.destroy(); });
      one.pipe(other);
      if (isFrozen) one.pause();
    }
  };
  const listen = (port: number) => new Promise<Server>((resolve) => {
    const server: Server = createServer(pass).listen(port, '127.0.0.1', () => resolve(server));
  });
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const door = new URL(url);
  door.searchParams.delete('host'); // its socket is no way through a door
  door.hostname = '127.0.0.1';
  door.port = String(port);
  return {
    url: door.href,
    async shut() {
      const closed = new Promise((resolve) => { server.close(resolve); });
      for (const socket of through) socket.destroy();
      await closed;
    },
    async open() { server = await listen(port); },
    freeze() {
      isFrozen = true;
      for (const socket of through) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of through) socket.resume();
    },
  };
}
