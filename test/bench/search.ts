/**
 * `npm run bench search`: a page of ten with highlights, a count and facets, for a caller who reaches half of the collections,
 * beside Postgres's own full text search and minisearch over the same items. Options: `--items 100000`, `--asked 60` questions of
 * a kind, `--only atlas,meaning,postgres,any,minisearch`, `--keep` to leave the docs alone. Half of the time goes by before anything is
 * asked; with a million items it is an hour, and has a table of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createDatabase, embeddedPostgres, withDatabase } from '../../platform/embedded/postgres.ts';
import { processOver, writeDocuments } from '../kit/search-documents.ts';
import { openIndexes } from './search/service.ts';
import { atlas, atlasBy, fullText, miniSearch, type Ask } from './search/sides.ts';
import { KINDS, searchWorld, type Kind, type SearchWorld } from './search/world.ts';
import { ROOT } from './processes.ts';
import { digits, machine, publish, table, versions } from './table.ts';

const SEED = 7;
const BATCH = 5_000;
const ROUNDS = 3;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const kinds = Object.keys(KINDS) as Kind[];

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { items: { type: 'string', default: '100000' }, asked: { type: 'string', default: '60' }, only: { type: 'string', default: 'atlas,meaning,postgres,any,minisearch' }, keep: { type: 'boolean', default: false } } });
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  try {
    const name = 'bench_search';
    const found = await measured({ url: withDatabase(postgres.url, name), ownerUrl: await createDatabase(postgres.ownerUrl, name), items: Number(values.items), asked: Number(values.asked), only: values.only.split(',') });
    if (values.keep) process.stdout.write(`\n${found}\n`);
    else publish(Number(values.items) >= 1_000_000 ? 'search-million' : 'search', found);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Given { url: string; ownerUrl: string; items: number; asked: number; only: readonly string[] }

async function measured({ url, ownerUrl, items, asked, only }: Given): Promise<string> {
  const world = searchWorld(SEED, asked);
  const documents = (from: number) => world.docs(from, Math.max(0, Math.min(BATCH, items - from)));
  const { database, upkeep, indexes, learn, place, close } = await openIndexes({ url, ownerUrl });
  let since = performance.now();
  const ours = only.includes('atlas') || only.includes('meaning');
  for (let from = 0; ours && from < items; from += BATCH) {
    await writeDocuments(database, world.tenantId, documents(from));
    if (from % (BATCH * 10) === 0) say(`${from} of ${items} documents written`);
  }
  if (ours) say(`${items} documents written in ${digits((performance.now() - since) / 1_000, 0)} s`);
  since = performance.now();
  await upkeep.settle(world.tenantId);
  const foldSeconds = (performance.now() - since) / 1_000;
  const owner = new pg.Client({ connectionString: ownerUrl });
  owner.on('error', () => undefined); // when the server is stopped under it, what went wrong before is what is told
  await owner.connect();
  await owner.query('ANALYZE');
  const { rows: [size] } = await owner.query<{ bytes: string }>(`SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relkind = 'r' AND relnamespace = 'search'::regnamespace AND relname LIKE 'segment%'`);
  if (ours) say(`folded and merged in ${digits(foldSeconds, 0)} s, ${digits(Number(size!.bytes) / 2 ** 20, 0)} MiB`);
  const lines: string[][] = [];
  const line = async (what: string, ask: Ask, which: readonly Kind[] = kinds) => {
    const cells = await warm(world, ask, which);
    lines.push([what, ...cells]);
    say([what, ...cells].join(' | '));
  };
  if (only.includes('atlas')) {
    const cold = await firstTouch(world, () => atlas(world, database, processOver(database).index));
    lines.push(['Atlas, the first question of a process', ...cold]);
    const ask = atlas(world, database, processOver(database).index);
    const unread = await each(world, kinds, ask, 1);
    lines.push(['Atlas, words that were never asked for', ...unread]);
    await line('Atlas', ask);
    lines.push(['Atlas, four clients', ...await clients(world, ask, 4)]);
    say(lines.map((cells) => cells.join(' | ')).join('\n'));
  }
  if (only.includes('meaning')) {
    since = performance.now();
    await learn(world.tenantId);
    say(`meanings learned in ${digits((performance.now() - since) / 1_000, 0)} s`);
    for (let from = 0; from < items; from += BATCH) {
      await place(world.tenantId, documents(from).map((doc, at) => ({ ...doc, seq: BigInt(from + at + 1) })));
      if (from % (BATCH * 4) === 0) say(`${from} of ${items} documents placed, ${digits((performance.now() - since) / 1_000, 0)} s`);
    }
    for (const mode of ['SEMANTIC', 'HYBRID'] as const) await line(`Atlas, \`${mode}\``, atlasBy(mode, world, database, indexes));
  }
  if (only.includes('postgres') || only.includes('any')) {
    const { and, or } = await fullText(owner, world, documents);
    if (only.includes('postgres')) await line('Postgres: `websearch_to_tsquery`, `ts_rank_cd`, only what has every word', and, ['common', 'usual', 'phrase']);
    if (only.includes('any')) await line('Postgres: the same, what has any word', or, ['common', 'usual']);
  }
  if (only.includes('minisearch')) await line('minisearch', miniSearch(world, documents), ['common', 'usual', 'begun', 'typo']);
  const load = loadavg()[0]!;
  await owner.end();
  await close();
  return `${machine()}, load ${digits(load, 1)} at the end. ${items} items of 95 words, ${asked} questions of a kind, ${ROUNDS} rounds; p50 / p95 in ms · CPU ms a question of the process that asks, in which Atlas and minisearch are, and Postgres is not. Folding and merging them took ${digits(foldSeconds, 0)} s, and ${digits(Number(size!.bytes) / 2 ** 20, 0)} MiB, with what was replaced and is still kept. ${versions(['minisearch'], ROOT)}.\n\n${table(['', ...kinds.map((kind) => KINDS[kind])], lines)}`;
}

const percentile = (of: readonly number[], share: number): number => of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? NaN;
const cell = (times: readonly number[], cpuMs?: number): string => `${digits(percentile(times, 0.5), 1)} / ${digits(percentile(times, 0.95), 1)}${cpuMs === undefined ? '' : ` · ${digits(cpuMs / times.length, 1)}`}`;

async function timed(body: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await body();
  return performance.now() - since;
}

async function each(world: SearchWorld, which: readonly Kind[], ask: Ask, rounds: number): Promise<string[]> {
  const cells: string[] = [];
  for (const kind of kinds) {
    const times: number[] = [];
    const before = process.cpuUsage();
    for (let round = 0; round < rounds && which.includes(kind); round += 1) for (const text of world.questions[kind]) times.push(await timed(() => ask(text)));
    const { user, system } = process.cpuUsage(before);
    cells.push(times.length > 0 ? cell(times, (user + system) / 1_000) : '–');
  }
  return cells;
}

async function warm(world: SearchWorld, ask: Ask, which: readonly Kind[]): Promise<string[]> {
  await each(world, which, ask, 1);
  return each(world, which, ask, ROUNDS);
}

async function firstTouch(world: SearchWorld, open: () => Ask): Promise<string[]> {
  const cells: string[] = [];
  for (const kind of kinds) {
    const times: number[] = [];
    for (const text of world.questions[kind].slice(0, 12)) times.push(await timed(() => open()(text)));
    cells.push(cell(times));
  }
  return cells;
}

async function clients(world: SearchWorld, ask: Ask, count: number): Promise<string[]> {
  const cells: string[] = [];
  for (const kind of kinds) {
    const times: number[] = [];
    await Promise.all(Array.from({ length: count }, async (_, client) => {
      const { length } = world.questions[kind];
      for (let at = 0; at < length * ROUNDS; at += 1) times.push(await timed(() => ask(world.questions[kind][(at * 7 + client * 13) % length]!)));
    }));
    cells.push(cell(times));
  }
  return cells;
}
