/**
 * `npm run bench collections`: a point read, a page of 50 with two relations and a create, as HTTP clients ask for them, on one
 * database with the same row-level security: Atlas whole, PostGraphile, and node:http + pg with nothing between. Rounds take turns.
 * Options: `--rounds 5`, `--seconds 4`, `--kind point,list,create`, `--only atlas,…`, `--profile DIR`, `--keep` to leave the docs
 * alone. `--million` measures Atlas alone: a tenant of 1 000 000 items beside one of 10 000 (`--items N` for another size).
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { Load, Loaded } from './collections/load.ts';
import { KINDS, questionOf, type Kind, type Side } from './collections/questions.ts';
import { serve, statementsOf, text, WHAT, type Served } from './collections/sides.ts';
import { openWorld, type World } from './collections/world.ts';
import { installPeers, PEERS, ROOT, start, type Running } from './processes.ts';
import { digits, machine, median, publish, table, versions } from './table.ts';

const ITEMS = 10_000;
const CONNECTIONS = 24;
/** So few that the answers wait for the rows and not for one another. */
const FEW = 4;
const WARM_MS = 4_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Round extends Loaded { cpuMs: number }
interface Row { served: Served; world: World; load: Load; rounds: Round[] }

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' }, kind: { type: 'string' }, only: { type: 'string' }, profile: { type: 'string' }, keep: { type: 'boolean', default: false }, million: { type: 'boolean', default: false }, items: { type: 'string', default: '1000000' } } });
  const given = { rounds: Number(values.rounds), ms: Number(values.seconds) * 1_000, profile: values.profile };
  const among = <Name extends string>(all: readonly Name[], wanted: string | undefined) => all.filter((one) => !wanted || wanted.split(',').includes(one));
  const found = values.million ? await million(Number(values.items), given) : await beside(among(Object.keys(WHAT) as Side[], values.only), among(Object.keys(KINDS) as Kind[], values.kind), given);
  if (values.keep) process.stdout.write(`\n${found}\n`);
  else publish(values.million ? 'collections-million' : 'collections', found);
}

interface Given { rounds: number; ms: number; profile: string | undefined }

async function beside(sides: readonly Side[], kinds: readonly Kind[], given: Given): Promise<string> {
  await installPeers();
  const world = await openWorld(ITEMS, say);
  const processes: Running[] = [];
  const keep = <One extends Running | Served>(one: One): One => { processes.push('running' in one ? one.running : one); return one; };
  try {
    const loader = keep(await start({ name: 'the clients', file: join(ROOT, 'test/bench/collections/load.ts') }));
    const served: Served[] = [];
    for (const side of sides) served.push(keep(await serve(side, world, given.profile)));
    const said: string[] = [];
    const load0 = loadavg()[0]!;
    for (const kind of kinds) {
      const rows = await prepare(served.map((one) => ({ served: one, world })), kind, CONNECTIONS, given.ms);
      await take(rows, kind, given, loader);
      said.push(`**${KINDS[kind]}**\n\n${report(rows)}`);
    }
    // Afterwards: who is listened to has one call more to make for each statement.
    for (const { running } of served) await running.ask('hear');
    const statements: string[] = [];
    for (const kind of kinds) for (const one of served) statements.push(`${WHAT[one.side]}, ${kind}:\n\n${listed(await statementsOf(one, kind, world))}`);
    const peer = join(PEERS, 'postgraphile');
    return `${machine()}, load ${digits(load0, 1)} when it began. ${CONNECTIONS} connections, ${given.rounds} rounds of ${given.ms / 1_000} s each in turn, ${ITEMS} items. ${versions(['postgraphile'], peer)}.\n\n${said.join('\n\n')}\n\n<details><summary>What each says to the server; a line that begins with + goes in the round trip of the one above</summary>\n\n${statements.join('\n\n')}\n\n</details>`;
  } finally {
    await Promise.all(processes.map((one) => one.stop()));
    await world.stop();
  }
}

async function million(items: number, given: Given): Promise<string> {
  const worlds: World[] = [];
  const processes: Running[] = [];
  try {
    for (const size of [ITEMS, items]) worlds.push(await openWorld(size, say));
    const loader = await start({ name: 'the clients', file: join(ROOT, 'test/bench/collections/load.ts') });
    processes.push(loader);
    const places: { served: Served; world: World }[] = [];
    for (const world of worlds) places.push({ served: await serve('atlas', world), world });
    processes.push(...places.map(({ served }) => served.running));
    const lines: string[][] = [];
    for (const kind of ['point', 'list'] as const) {
      const rows = await prepare(places, kind, FEW, given.ms);
      await take(rows, kind, given, loader);
      const [few, many] = rows.map(({ rounds }) => median(rounds.map(({ p95Ms }) => p95Ms))) as [number, number];
      lines.push([KINDS[kind], digits(few), digits(many), digits(median(rows[0]!.rounds.map(({ p95Ms }, at) => rows[1]!.rounds[at]!.p95Ms / p95Ms)))]);
    }
    return `${machine()}, load ${digits(loadavg()[0]!, 1)}. ${FEW} connections, ${given.rounds} rounds of ${given.ms / 1_000} s each in turn; goal ≤ 2.\n\n${table(['', `p95 ms of ${ITEMS} items`, `p95 ms of ${items}`, 'ratio'], lines)}`;
  } finally {
    await Promise.all(processes.map((one) => one.stop()));
    await Promise.all(worlds.map((world) => world.stop()));
  }
}

/** Each side's own answers, which are about the same as the first one's; what answers something else is not measured. */
async function prepare(places: readonly { served: Served; world: World }[], kind: Kind, connections: number, ms: number): Promise<Row[]> {
  const rows: Row[] = [];
  const firsts = new Map<World, unknown>();
  for (const { served, world } of places) {
    const { bodies, seen } = questionOf(served.side, kind, world);
    const rights = kind === 'create' ? null : await inTurn(served, bodies);
    if (rights && served.side !== 'floor') {
      const about = seen((JSON.parse(rights[0]!) as { data: unknown }).data);
      if (!firsts.has(world)) firsts.set(world, about);
      else if (!isDeepStrictEqual(about, firsts.get(world))) throw new Error(`${WHAT[served.side]} answers something else: ${JSON.stringify(about).slice(0, 500)}`);
    }
    rows.push({ served, world, rounds: [], load: { url: served.url, headers: served.headers, bodies, rights, connections, ms } });
  }
  return rows;
}

async function inTurn(served: Served, bodies: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const body of bodies) answers.push(await text(served, body));
  const odd = answers.find((one) => one.includes('"errors"'));
  if (odd) throw new Error(`${WHAT[served.side]} answers ${odd.slice(0, 500)}`);
  return answers;
}

async function take(rows: readonly Row[], kind: Kind, { rounds }: Given, loader: Running): Promise<void> {
  for (const { load } of rows) await loader.ask<Loaded>({ ...load, ms: WARM_MS });
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) row.rounds.push(await measure(row, kind, loader));
    say(`${kind} ${round + 1}: ${rows.map(({ served, rounds: done }) => `${served.side} ${digits(perSecond(done.at(-1)!), 0)}/s p95 ${digits(done.at(-1)!.p95Ms, 1)} ms`).join(', ')}`);
  }
}

async function measure({ served, world, load }: Row, kind: Kind, loader: Running): Promise<Round> {
  const before = { cpu: await served.running.cpuMs(), items: kind === 'create' ? await world.count('item') : 0 };
  const loaded = await loader.ask<Loaded>(load);
  if (loaded.wrong || !loaded.answers) throw new Error(`${WHAT[served.side]}: ${loaded.wrong} of ${loaded.answers} answers were wrong: ${loaded.firstWrong}`);
  const cpuMs = (await served.running.cpuMs()) - before.cpu;
  if (kind === 'create' && (await world.count('item')) - before.items !== loaded.answers) throw new Error(`${WHAT[served.side]} made another number of items than it says.`);
  return { ...loaded, cpuMs };
}

const perSecond = ({ answers, ms }: Round): number => (answers * 1_000) / ms;

function report(rows: readonly Row[]): string {
  const ours = rows[0]!;
  return table(['', 'requests/s', 'p50 ms', 'p95 ms', 'CPU ms/request, its process', 'Atlas\'s requests/s × its'], rows.map(({ served, rounds }) => [
    WHAT[served.side], digits(median(rounds.map(perSecond)), 0), digits(median(rounds.map(({ p50Ms }) => p50Ms)), 1), digits(median(rounds.map(({ p95Ms }) => p95Ms)), 1),
    digits(median(rounds.map(({ cpuMs, answers }) => cpuMs / answers))), digits(median(rounds.map((round, at) => perSecond(ours.rounds[at]!) / perSecond(round)))),
  ]));
}

const listed = (statements: readonly string[]): string => `\`\`\`sql\n${statements.map((one) => (one.length > 400 ? `${one.slice(0, 400)} …` : one)).join('\n')}\n\`\`\``;
