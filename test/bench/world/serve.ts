/**
 * One subgraph as a process: `serve.ts <name> <dataset> <port>`. An answer is computed once for each body that is asked and
 * kept, so that the load weighs on the gateways and not on what stands behind them. A request without the client's
 * authorization, or a viewer that vouches for the client, is refused: a gateway that forwards neither has no answers.
 */
import { createServer } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Dataset } from './data.ts';
import { subgraph, type Asked } from './graphs.ts';
import type { Subgraph } from './schemas.ts';

const BODIES_MAX = 5_000;
const [name, dataset, port] = process.argv.slice(2) as [Subgraph, Dataset, string];
const answer = subgraph(name, dataset);
const known = new LRUCache<string, Buffer>({ max: BODIES_MAX });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    // `latin1` gives every byte a letter: the cheapest key that tells all bodies apart.
    const key = (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('latin1');
    if (!request.headers.authorization && !request.headers['atlas-viewer'] && !key.includes('_service')) {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[{"message":"Who asks?"}]}');
      return;
    }
    let body = known.get(key);
    if (!body) {
      body = Buffer.from(JSON.stringify(answer(JSON.parse(Buffer.from(key, 'latin1').toString()) as Asked)));
      known.set(key, body);
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
});
// A connection that a gateway keeps stays open: a server that closes what is idle makes failures out of pauses between rounds.
server.keepAliveTimeout = 0;
server.listen(Number(port), '127.0.0.1');
