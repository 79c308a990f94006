/** One of the bench's services as Apollo's documentation starts it, a process of its own: `apollo-subgraph.ts <name> <dataset> <port>`. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { Dataset } from '../world/data.ts';
import { executable } from '../world/graphs.ts';
import type { Subgraph } from '../world/schemas.ts';

const [name, dataset, port] = process.argv.slice(2) as [Subgraph, Dataset, string];
await startStandaloneServer(new ApolloServer({ schema: executable(name, dataset) }), { listen: { port: Number(port), host: '127.0.0.1' } });
