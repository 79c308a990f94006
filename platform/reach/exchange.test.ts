import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { exchange } from './exchange.ts';

describe('an exchange', () => {
  it('ends as soon as more has come than may be, however long the rest would be', async () => {
    let sent = 0;
    const server = createServer((_, response) => {
      response.writeHead(200);
      const more = () => { while (!response.destroyed && response.write(Buffer.alloc(16_384))) sent += 16_384; };
      response.on('drain', more);
      more();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      const closed = new Promise((resolve) => { server.once('connection', (socket) => socket.once('close', resolve)); });
      const failed = await exchange(pool, { path: '/', headers: [], body: '{}', withinMs: 30_000, lateCounts: true, bytesMax: 100_000 }).catch((error: unknown) => error);
      expect(failed).toMatchObject({ message: 'The answer is larger than 100000 bytes.', counts: false, again: false });
      await closed;
      expect(sent).toBeLessThan(64_000_000);
    } finally {
      await pool.close();
      server.close();
    }
  });
});
