/** `npm run bench <name>`: how fast, beside what others can do on the same machine in the same minutes. Without a name it lists them. */
const BENCHES: Record<string, { what: string; load: () => Promise<{ run(args: readonly string[]): Promise<void> }> }> = {
  gateway: { what: 'the public four-subgraph query at 50 connections, beside other gateways and the floor', load: () => import('./gateway.ts') },
  streams: { what: 'events of two subgraphs, and tokens, to 100 subscribers, beside Hive Gateway', load: () => import('./streams.ts') },
  'billing-edge': { what: 'what billing adds to an operation in the gateway: the check of budgets, and use on disk before a change is answered', load: () => import('./billing-edge.ts') },
  executor: { what: 'the executor alone over answers in memory, beside JSON.parse + JSON.stringify of them', load: () => import('./executor.ts') },
  events: { what: 'from the commit of a change to whoever consumes it', load: () => import('./events.ts') },
  inprocess: { what: 'all services in one process, beside the same graph behind Apollo over HTTP', load: () => import('./inprocess.ts') },
  replica: { what: 'what a change and a read cost with a replica and without', load: () => import('./replica.ts') },
  collections: { what: 'a point read, a page of 50 and a create through the gateway, beside PostGraphile; `--million`: a million items beside ten thousand', load: () => import('./collections.ts') },
  search: { what: 'a page of keyword hits with highlights, count and facets within reach, beside Postgres alone and minisearch', load: () => import('./search.ts') },
  'search-quality': { what: 'what search finds on a judged collection, by words, by meaning and by both; `--cost`: what meaning costs', load: () => import('./search-quality.ts') },
  billing: { what: 'what usage takes to be summed up of ten million events, counted, and held to budgets', load: () => import('./billing.ts') },
  plans: { what: 'how long new documents hold the event loop', load: () => import('./plans.ts') },
};

const [name, ...args] = process.argv.slice(2);
const bench = name ? BENCHES[name] : undefined;
if (!bench) {
  process.stdout.write(`${Object.entries(BENCHES).map(([each, { what }]) => `${each.padEnd(12)} ${what}`).join('\n')}\n`);
  process.exit(name ? 1 : 0);
}
await (await bench.load()).run(args);
process.exit();
