/** `npm run test:full <name>`: the proofs that take longer than the quick suites. Without a name it lists them. */
const PROOFS: Record<string, { what: string; load: () => Promise<{ run(args: readonly string[]): Promise<void> }> }> = {
  newcomer: { what: 'a fresh clone in a folder with spaces: npm start, the first hour as a client, Ctrl-C, again', load: () => import('./newcomer.ts') },
  audit: { what: 'every row of an audit trail tampered with in every way by whoever owns the database: found, and named', load: () => import('./audit.ts') },
  bill: { what: 'ten thousand mixed calls and what they come to, as the answers, the meter and the books say it; then the gateway killed 20 times', load: () => import('./bill.ts') },
  faults: { what: 'a subgraph killed, stopped and silenced, 50 times in all, and a hundred subscribers that read nothing for a minute: what their neighbours see, and for how long', load: () => import('./faults.ts') },
  events: { what: 'processes and the database ended without warning, 200 times, under a load of changes: nothing lost, nothing twice', load: () => import('./events.ts') },
  jobs: { what: 'workers of jobs ended without warning, 200 times, or stalled for longer than their lease: every job ends, every step is taken once', load: () => import('./jobs.ts') },
  isolation: { what: 'random things done by random people of two tenants whose every text carries a canary, 50 000 times: nobody is shown, told of or let change what is not theirs', load: () => import('./isolation.ts') },
  reload: { what: 'a hundred supergraphs that take over from one another under load, streams included; over the gateway alone and with the services', load: () => import('./reload.ts') },
  packs: { what: 'every package file that is bundled and was not written as a module: none writes to what it never declared', load: () => import('./packs.ts') },
  replica: { what: 'callers who change and read back through two processes, while the replica they read from is paused, killed and started', load: () => import('./replica.ts') },
  replay: { what: 'events that come three times, shuffled, and once more from the beginning: what is left is what one pass in order leaves; how many times, and of how many events', load: () => import('./replay.ts') },
  restart: { what: 'two gateways restarted in turn, 50 times, under clients that keep their connections', load: () => import('./restart.ts') },
  explorer: { what: 'GraphiQL in a headless Chromium: sign in, a tenant, cost, plan, table, a shared link, a live subscription; nothing from another host', load: () => import('./explorer.ts') },
  answers: { what: 'the first token after retrieval, a model that is let go of, the written pairs of questions, another order of what was found, a page that is loaded anew in the middle, the cache under random grants and edits; `soon`, `judge`, `support`, `rerank`, `browser` or `recall` alone', load: () => import('./answers.ts') },
  search: { what: 'how soon what was written is found, and 10 000 items written while Meilisearch is away: found meanwhile, told to it afterwards; `findable` or `away`, and how many', load: () => import('./search.ts') },
  statements: { what: 'every statement of every change in turn fails, hangs or loses its connection: done wholly or not at all', load: () => import('./statements.ts') },
  transfer: { what: 'a million rows of JSON lines, 100 000 of CSV and of Markdown written and read again: rows a second, and the most memory', load: () => import('./transfer.ts') },
  import: { what: 'a million rows imported by a process of its own: rows a second, and the most memory; a number holds it to so many rows', load: () => import('./import.ts') },
  oracle: { what: 'random questions to every federated world of test/oracle, against a monolith and Apollo; a name holds it to one world', load: () => import('./oracle.ts') },
};

const [name, ...args] = process.argv.slice(2);
const proof = name ? PROOFS[name] : undefined;
if (!proof) {
  process.stdout.write(`${Object.entries(PROOFS).map(([each, { what }]) => `${each.padEnd(12)} ${what}`).join('\n')}\n`);
  process.exit(name ? 1 : 0);
}
await (await proof.load()).run(args);
