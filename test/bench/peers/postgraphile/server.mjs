/**
 * PostGraphile 5 as its documentation has it served: the Amber preset over node:http, its own pool. Each request runs under the role
 * and the settings that Atlas would set for the same person; who that is it is told when it starts, and checks nothing.
 */
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { postgraphile } from 'postgraphile';
import { grafserv } from 'postgraphile/grafserv/node';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

// It is written for Node 22, and all that it misses on Node 20 is this.
Promise.withResolvers ??= () => {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => { Object.assign(deferred, { resolve, reject }); });
  return deferred;
};

const [port, connectionString, poolMax, settings, sdlFile] = process.argv.slice(2);
const pgSettings = JSON.parse(settings);
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  // A list may be ordered by what its index holds second: Atlas's pages are by time.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ connectionString, schemas: ['collections'], poolConfig: { max: Number(poolMax) } })],
  grafast: { context: () => ({ pgSettings }) },
  grafserv: { graphiql: false, watch: false },
});
if (sdlFile) writeFileSync(sdlFile, printSchema(lexicographicSortSchema(await instance.getSchema())));
const server = createServer();
server.keepAliveTimeout = 0;
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), '127.0.0.1');
