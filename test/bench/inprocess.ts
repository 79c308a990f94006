/**
 * `npm run bench inprocess`: all services in one process behind the whole pipeline, beside the same graph behind Apollo, where every
 * service is an ApolloServer in a process of its own. All resolvers answer from memory. CPU is that of everything that has a part
 * in an answer: the gateway and the services. Options: `--rounds 5`, `--seconds 3`, `--scene repeated/shared,…` (data set /
 * authorization), `--keep` to leave the docs alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { Load, Loaded } from './load.ts';
import { installPeers, PEERS, ROOT, start, type Running } from './processes.ts';
import { digits, machine, median, publish, table, versions } from './table.ts';
import { supergraphOf } from './world/compose.ts';
import type { Dataset } from './world/data.ts';
import { whole } from './world/graphs.ts';
import { QUESTION, SUBGRAPHS } from './world/schemas.ts';

const CONNECTIONS = 50;
const WARM_MS = 4_000;
const GOAL = 8;
const SCENES = { 'repeated/shared': 'one authorization for all clients', 'repeated/unique': 'another authorization for each client', 'unique/unique': 'no entity twice, another authorization for each client' };
type Scene = keyof typeof SCENES;

interface Side { what: string; url: string; processes: readonly Running[]; rounds: { gatewayMs: number; allMs: number; perSecond: number; p50Ms: number }[] }

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' }, scene: { type: 'string' }, keep: { type: 'boolean', default: false } } });
  const scenes = Object.keys(SCENES).filter((scene) => !values.scene || values.scene.split(',').includes(scene)) as Scene[];
  await installPeers();
  const found: string[] = [];
  for (const scene of scenes) found.push(`**${scene}**: ${SCENES[scene]}.\n\n${await take(scene, Number(values.rounds), Number(values.seconds) * 1_000)}`);
  const text = `${machine()}. ${CONNECTIONS} connections, ${values.rounds} rounds of ${values.seconds} s each in turn; goal ≥ ${GOAL}. ${versions(['@apollo/server', '@apollo/gateway'])}.\n\n${found.join('\n\n')}`;
  if (values.keep) process.stdout.write(`\n${text}\n`);
  else publish('inprocess', text);
}

async function take(scene: Scene, rounds: number, ms: number): Promise<string> {
  const [dataset, authorization] = scene.split('/') as [Dataset, 'shared' | 'unique'];
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const processes: Running[] = [];
  const keep = async (one: Promise<Running>) => { const started = await one; processes.push(started); return started; };
  try {
    const sides = [await atlas(folder, dataset, keep), await apollo(folder, dataset, keep)];
    const loader = await keep(start({ name: 'the clients', file: join(ROOT, 'test/bench/load.ts') }));
    const { data } = whole(dataset)({ query: QUESTION });
    const loads: Load[] = [];
    for (const { url } of sides) {
      const load = { url, body: JSON.stringify({ query: QUESTION }), connections: CONNECTIONS, authorization, expected: JSON.stringify(data), ms };
      loads.push({ ...load, right: await askRight(url, load.body, data) });
      await loader.ask<Loaded>({ ...loads.at(-1)!, ms: WARM_MS });
    }
    for (let round = 0; round < rounds; round++) for (const [at, side] of sides.entries()) await measure(side, loads[at]!, loader);
    return report(sides);
  } finally {
    await Promise.all(processes.map((one) => one.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

type Keep = (one: Promise<Running>) => Promise<Running>;

async function atlas(folder: string, dataset: Dataset, keep: Keep): Promise<Side> {
  const file = join(folder, 'here.graphql');
  writeFileSync(file, supergraphOf(Object.fromEntries(SUBGRAPHS.map((name) => [name, `http://${name}.invalid/graphql`])) as never));
  const all = await keep(start({ name: 'atlas', flags: ['--max-semi-space-size=64'], file: join(ROOT, 'test/bench/gateways/inprocess.ts'), args: [file, dataset, 'PORT'], path: '/health', env: { ATLAS_SECRET: 'a secret of the bench, and of nobody else' } }));
  return { what: 'Atlas, the whole pipeline and all services in one process', url: `http://127.0.0.1:${all.port}/graphql`, processes: [all], rounds: [] };
}

async function apollo(folder: string, dataset: Dataset, keep: Keep): Promise<Side> {
  const services = await Promise.all(SUBGRAPHS.map((name) => keep(start({ name, file: join(ROOT, 'test/bench/gateways/apollo-subgraph.ts'), args: [name, dataset, 'PORT'], path: '/' }))));
  const file = join(folder, 'elsewhere.graphql');
  writeFileSync(file, supergraphOf(Object.fromEntries(SUBGRAPHS.map((name, at) => [name, `http://127.0.0.1:${services[at]!.port}/`])) as never));
  const gateway = await keep(start({ name: 'apollo', file: join(PEERS, 'apollo.mjs'), args: [file, 'PORT'], path: '/graphql' }));
  return { what: 'ApolloServer + @apollo/gateway, each service an ApolloServer over HTTP', url: `http://127.0.0.1:${gateway.port}/graphql`, processes: [gateway, ...services], rounds: [] };
}

async function measure({ what, processes, rounds }: Side, load: Load, loader: Running): Promise<void> {
  const cpu = () => Promise.all(processes.map((one) => one.cpuMs()));
  const before = await cpu();
  const { answers, wrong, firstWrong, ms, p50Ms } = await loader.ask<Loaded>(load);
  if (wrong || !answers) throw new Error(`${what}: ${wrong} of ${answers} answers were wrong: ${firstWrong}`);
  const used = (await cpu()).map((now, at) => (now - before[at]!) / answers);
  rounds.push({ gatewayMs: used[0]!, allMs: used.reduce((sum, each) => sum + each, 0), perSecond: (answers * 1_000) / ms, p50Ms });
  process.stderr.write(`${what}: ${digits(rounds.at(-1)!.allMs)} ms of CPU a request\n`);
}

/** The answer, when it is right; what answers something else is not measured. */
async function askRight(url: string, body: string, data: unknown): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', authorization: 'Bearer first' }, body });
  const text = await response.text();
  const answer = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (answer.errors || !isDeepStrictEqual(answer.data, JSON.parse(JSON.stringify(data)))) throw new Error(`The answer is not the right one: ${response.status} ${text.slice(0, 500)}`);
  return text;
}

function report(sides: readonly Side[]): string {
  const [ours] = sides;
  return table(['graph', 'CPU ms/request, all', 'of it the gateway', 'requests/s', 'p50 ms', 'CPU × atlas'], sides.map(({ what, processes, rounds }) => [
    what, digits(median(rounds.map(({ allMs }) => allMs))), processes.length > 1 ? digits(median(rounds.map(({ gatewayMs }) => gatewayMs))) : '', digits(median(rounds.map(({ perSecond }) => perSecond)), 0),
    digits(median(rounds.map(({ p50Ms }) => p50Ms)), 0), digits(median(rounds.map(({ allMs }, at) => allMs / ours!.rounds[at]!.allMs))),
  ]));
}
