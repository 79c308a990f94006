/** What stands under which path: the graph for whoever asks it, and GraphiQL for a browser that only came to look. */
import type { Route } from '../platform/serve.ts';
import { withCors } from './edge/cors.ts';
import { graphiqlFiles, graphiqlPage, toGraphiql, wantsPage } from './graphiql/graphiql.ts';
import type { StreamDoors } from './streams/index.ts';

export function routesOf(given: { origins: readonly string[]; graphiql: boolean; streams: Pick<StreamDoors, 'wants' | 'route'>; graphql: Route }): Record<string, Route> {
  const { origins, graphiql, streams, graphql } = given;
  const answer: Route = (request, response, url) => {
    if (graphiql && request.method === 'GET' && !url.searchParams.has('query') && wantsPage(request.headers.accept)) return graphiqlPage(request, response, url);
    return (streams.wants(request) ? streams.route : graphql)(request, response, url);
  };
  return { '/graphql': withCors(origins, answer), ...(graphiql && { '/': toGraphiql, ...graphiqlFiles }) };
}
