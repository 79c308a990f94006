/** What stands under which path: the graph for whoever asks it, GraphiQL for a browser that only came to look, files for whoever was given a URL. */
import type { Route } from '../platform/serve.ts';
import { FILES, withCors } from './edge/cors.ts';
import { graphiqlFiles, graphiqlPage, toGraphiql, wantsPage } from './graphiql/graphiql.ts';
import type { StreamDoors } from './streams/index.ts';

export function routesOf(given: { origins: readonly string[]; graphiql: boolean; streams: Pick<StreamDoors, 'wants' | 'route'>; graphql: Route; files?: Route | null }): Record<string, Route> {
  const { origins, graphiql, streams, graphql, files } = given;
  const answer: Route = (request, response, url) => {
    if (graphiql && request.method === 'GET' && !url.searchParams.has('query') && wantsPage(request.headers.accept)) return graphiqlPage(request, response, url);
    return (streams.wants(request) ? streams.route : graphql)(request, response, url);
  };
  return { '/graphql': withCors(origins, answer), ...(files && { '/objects': withCors(origins, files, FILES) }), ...(graphiql && { '/': toGraphiql, ...graphiqlFiles }) };
}
