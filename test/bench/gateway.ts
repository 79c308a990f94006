/**
 * `npm run bench gateway`: the question of the public gateways benchmark through every gateway, in rounds that take turns, so that
 * whatever else the machine does falls on all of them. Figures of one row stand beside the same round's figures of Atlas: the median of
 * those ratios is what is compared, absolute numbers are this machine's. Options: `--only a,b` rows, `--rounds 5`, `--seconds 3`,
 * `--scene repeated/shared,…` (data set / authorization), `--keep` to leave the docs alone, `--profile DIR`
 * to have a CPU profile of Atlas written there (`node --import tsx test/bench/profile.ts DIR` reads it).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { Load, Loaded } from './load.ts';
import { installPeers, PEERS, ROOT, start, type Running } from './processes.ts';
import { ROWS, type Row } from './rows.ts';
import { digits, machine, median, publish, table, versions } from './table.ts';
import { supergraphOf } from './world/compose.ts';
import type { Dataset } from './world/data.ts';
import { whole } from './world/graphs.ts';
import { recordCalls } from './world/record.ts';
import { QUESTION, SUBGRAPHS } from './world/schemas.ts';

const CONNECTIONS = 50;
const WARM_MS = 4_000;
const SCENES = { 'repeated/shared': 'one authorization for all clients', 'repeated/unique': 'another authorization for each client', 'unique/shared': 'no entity twice in the data, one authorization', 'unique/unique': 'no entity twice, another authorization for each client' };
type Scene = keyof typeof SCENES;

interface Round extends Loaded { cpuMs: number }
interface Taken { row: Row; rounds: Round[]; fault?: string }

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' }, scene: { type: 'string' }, keep: { type: 'boolean', default: false }, profile: { type: 'string' } } });
  const rows = ROWS.filter(({ name }) => !values.only || values.only.split(',').includes(name));
  const scenes = Object.keys(SCENES).filter((scene) => !values.scene || values.scene.split(',').includes(scene)) as Scene[];
  await installPeers();
  const found: string[] = [];
  for (const scene of scenes) found.push(`**${scene}**: ${SCENES[scene]}.\n\n${report(await take({ scene, rows, rounds: Number(values.rounds), ms: Number(values.seconds) * 1_000, profile: values.profile }))}`);
  const text = `${machine()}. ${CONNECTIONS} connections, ${values.rounds} rounds of ${values.seconds} s each in turn. ${versions(['@apollo/server', '@apollo/gateway', '@graphql-hive/gateway-runtime', '@graphql-hive/router-runtime'])}, ${versions(['@mercuriusjs/gateway', 'mercurius'], join(PEERS, 'mercurius'))}.\n\n${found.join('\n\n')}`;
  if (values.keep) process.stdout.write(`\n${text}\n`);
  else publish('gateway', text);
}

async function take({ scene, rows, rounds, ms, profile }: { scene: Scene; rows: readonly Row[]; rounds: number; ms: number; profile?: string | undefined }): Promise<Taken[]> {
  const [dataset, authorization] = scene.split('/') as [Dataset, 'shared' | 'unique'];
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const processes: Running[] = [];
  const keep = async (one: Promise<Running>) => { const started = await one; processes.push(started); return started; };
  try {
    const subgraphs = await Promise.all(SUBGRAPHS.map(async (name) => [name, `http://127.0.0.1:${(await keep(start({ name, file: join(ROOT, 'test/bench/world/serve.ts'), args: [name, dataset, 'PORT'], path: '/' }))).port}/graphql`] as const));
    const loader = await keep(start({ name: 'the clients', file: join(ROOT, 'test/bench/load.ts') }));
    const supergraphSdl = supergraphOf(Object.fromEntries(subgraphs) as never);
    const supergraphFile = join(folder, 'supergraph.graphql');
    writeFileSync(supergraphFile, supergraphSdl);
    const { data } = whole(dataset)({ query: QUESTION });
    const beside = { folder, supergraphFile, calls: await recordCalls(supergraphSdl, dataset), answer: JSON.stringify({ data }), profile };
    const taken = rows.map((row): Taken => ({ row, rounds: [] }));
    const racing: { taken: Taken; gateway: Running; load: Load }[] = [];
    for (const one of taken) {
      try {
        const gateway = await keep(one.row.start(beside));
        const load = { url: `http://127.0.0.1:${gateway.port}/graphql`, body: JSON.stringify({ query: QUESTION }), connections: CONNECTIONS, authorization, expected: JSON.stringify(data), ms };
        const right = await askRight(load.url, load.body, data);
        await loader.ask<Loaded>({ ...load, right, ms: WARM_MS });
        racing.push({ taken: one, gateway, load: { ...load, right } });
      } catch (error) {
        one.fault = (error as Error).message;
        process.stderr.write(`${one.row.name} is OUT of ${scene}: ${one.fault}\n`);
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const { taken: one, gateway, load } of racing) if (!one.fault) await measure(one, gateway, load, loader);
      process.stderr.write(`${scene} round ${round + 1}: ${racing.map(({ taken: one }) => `${one.row.name} ${one.fault ? 'OUT' : digits(perRequest(one.rounds.at(-1)!))}`).join(', ')}\n`);
    }
    return taken;
  } finally {
    await Promise.all(processes.map((one) => one.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(one: Taken, gateway: Running, load: Load, loader: Running): Promise<void> {
  const before = await gateway.cpuMs();
  const loaded = await loader.ask<Loaded>(load);
  one.rounds.push({ ...loaded, cpuMs: (await gateway.cpuMs()) - before });
  if (!loaded.wrong) return;
  one.fault = `${loaded.wrong} of ${loaded.answers} answers under load were wrong: ${loaded.firstWrong}`;
  process.stderr.write(`${one.row.name} is OUT: ${one.fault}\n`);
}

/** The answer, when it is right; a gateway that answers something else is not measured. */
async function askRight(url: string, body: string, data: unknown): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', authorization: 'Bearer first' }, body });
  const text = await response.text();
  const answer = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (answer.errors || !isDeepStrictEqual(answer.data, JSON.parse(JSON.stringify(data)))) throw new Error(`its answer is not the right one: ${response.status} ${text.slice(0, 500)}`);
  return text;
}

const perRequest = ({ cpuMs, answers }: Round): number => cpuMs / answers;
const throughput = ({ answers, ms }: Round): number => (answers * 1_000) / ms;

function report(taken: readonly Taken[]): string {
  const ours = taken.find(({ row, fault }) => row.name === 'atlas' && !fault) ?? taken.find(({ row, fault }) => row.name === 'floor' && !fault);
  const rows = taken.map(({ row, rounds, fault }) => {
    if (fault || !rounds.length) return [row.what, 'left out', '', '', '', '', fault?.split('\n')[0]?.slice(0, 160) ?? ''];
    const ratio = (of: (round: Round) => number) => median(rounds.flatMap((round, at) => (ours?.rounds[at] ? [of(round) / of(ours.rounds[at])] : [])));
    return [row.what, digits(median(rounds.map(perRequest))), digits(median(rounds.map(throughput)), 0), digits(median(rounds.map((each) => each.p50Ms)), 0), digits(median(rounds.map((each) => each.p99Ms)), 0), digits(ratio(perRequest)), digits(1 / ratio(throughput))];
  });
  const beside = ours?.row.name ?? 'none';
  return table(['gateway', 'CPU ms/request', 'requests/s', 'p50 ms', 'p99 ms', `CPU × ${beside}`, `${beside}'s throughput × its`], rows);
}
