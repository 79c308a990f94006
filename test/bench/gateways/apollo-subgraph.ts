/** One of the bench's services as an ApolloServer in a process of its own: `apollo-subgraph.ts <name> <dataset> <port>`. */
import { createServer } from 'node:http';
import { ApolloServer, HeaderMap } from '@apollo/server';
import type { Dataset } from '../world/data.ts';
import { executable } from '../world/graphs.ts';
import type { Subgraph } from '../world/schemas.ts';

const [name, dataset, port] = process.argv.slice(2) as [Subgraph, Dataset, string];
const apollo = new ApolloServer({ schema: executable(name, dataset) });
await apollo.start();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method !== 'POST') return void response.writeHead(200).end();
    const headers = new HeaderMap(Object.entries(request.headers).map(([key, value]) => [key, String(value)] as const));
    void apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: { method: 'POST', headers, search: '', body: JSON.parse(Buffer.concat(chunks).toString()) }, context: async () => ({}) })
      .then(({ status, headers: answered, body }) => response.writeHead(status ?? 200, Object.fromEntries(answered)).end(body.kind === 'complete' ? body.string : ''));
  });
});
// Its own standalone server closes a connection that was idle for some seconds, which makes failures out of pauses between rounds.
server.keepAliveTimeout = 0;
server.listen(Number(port), '127.0.0.1');
