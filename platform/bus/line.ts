/**
 * One connection of its own, for what a pool cannot hold: a lock that lasts, or a channel to listen on. It is opened
 * when it is asked for, and opened anew after it has broken.
 */
import pg from 'pg';
import type { Log } from '../log.ts';

export interface Line {
  /** The connection, opened if there is none. */
  open(): Promise<pg.Client>;
  /** The connection if there is one at this moment. */
  now(): pg.Client | null;
  close(): Promise<void>;
}

const CONNECT_MS = 3_000;
/** A server that has gone without a word is noticed. */
const KEEP_ALIVE_MS = 5_000;

export function lineTo(given: { url: string; name: string; role: string; log: Log; opened?: (client: pg.Client) => Promise<void>; lost?: () => void }): Line {
  let current: pg.Client | null = null;
  let opening: Promise<pg.Client> | null = null;
  let closed = false;

  const drop = (client: pg.Client) => {
    if (current !== client) return;
    current = null;
    given.lost?.();
  };
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: given.url, application_name: given.name, connectionTimeoutMillis: CONNECT_MS, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS });
    client.on('error', (error) => { given.log.debug({ err: error, line: given.name }, 'A connection of the bus broke; it is opened anew.'); drop(client); });
    client.on('end', () => drop(client));
    try {
      await client.connect();
      await client.query(`SET ROLE ${given.role}`);
      await given.opened?.(client);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    if (closed) {
      await client.end().catch(() => undefined);
      throw new Error('The bus is closed.');
    }
    current = client;
    return client;
  };

  return {
    now: () => current,
    open: async () => current ?? (opening ??= connect().finally(() => { opening = null; })),
    async close() {
      closed = true;
      await opening?.catch(() => undefined);
      await current?.end().catch(() => undefined);
      current = null;
    },
  };
}
