/**
 * `npm run bench streams`: events and tokens to many subscribers, a socket each. An event comes from one subgraph and is completed by
 * another; a token needs nobody else. The subscribers take the next event when all have the last ones, so what is found is a rate that the
 * gateway keeps up with; every delivery is compared with what it should say. Options: `--subscribers 100`, `--rounds 3`, `--seconds 3`,
 * `--only hive,…`, `--keep` to leave the docs alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventually } from '../kit/eventually.ts';
import type { FromLoad, Listen } from './feed/load.ts';
import { feedSupergraph, type Kind } from './feed/graph.ts';
import { installPeers, PEERS, ROOT, start, type Running } from './processes.ts';
import { digits, machine, median, publish, table, versions } from './table.ts';

const WARM_MS = 1_500;
/** Events that may be under way at once. */
const WINDOW = 4;

interface Scene { kind: Kind; viewers: 'shared' | 'distinct' }
const SCENES: readonly Scene[] = [{ kind: 'events', viewers: 'shared' }, { kind: 'events', viewers: 'distinct' }, { kind: 'tokens', viewers: 'shared' }];
interface Round { perSecond: number; cpuMs: number }

const ROWS: Record<string, { what: string; start(supergraphFile: string): Promise<Running> }> = {
  atlas: { what: 'Atlas alone', start: (file) => start({ name: 'atlas', file: join(ROOT, 'platform/start.mjs'), args: ['gateway', '--supergraph', file, '--port', 'PORT', '--anonymous'], path: '/health' }) },
  hive: { what: 'Hive Gateway', start: (file) => start({ name: 'hive', file: join(PEERS, 'hive.mjs'), args: [file, 'PORT', 'plain'], path: '/graphql' }) },
  'hive-rust': { what: 'Hive Gateway, Rust planner', start: (file) => start({ name: 'hive-rust', file: join(PEERS, 'hive.mjs'), args: [file, 'PORT', 'rust'], path: '/graphql' }) },
};

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { subscribers: { type: 'string', default: '100' }, rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '3' }, only: { type: 'string' }, keep: { type: 'boolean', default: false } } });
  const names = Object.keys(ROWS).filter((name) => !values.only || values.only.split(',').includes(name));
  await installPeers();
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const feed = await start({ name: 'feed', file: join(ROOT, 'test/bench/feed/serve.ts'), args: ['feed', 'PORT'], path: '/' });
  const goods = await start({ name: 'goods', file: join(ROOT, 'test/bench/feed/serve.ts'), args: ['goods', 'PORT'], path: '/' });
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, feedSupergraph({ feed: `http://127.0.0.1:${feed.port}/graphql`, goods: `http://127.0.0.1:${goods.port}/graphql` }));
  const found: string[] = [];
  try {
    for (const scene of SCENES) {
      const rows: (readonly string[])[] = [];
      const rounds = new Map<string, Round[] | string>(names.map((name) => [name, []]));
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const name of names) {
          const sofar = rounds.get(name)!;
          if (typeof sofar === 'string') continue;
          const taken = await measure({ name, file, feed, scene, subscribers: Number(values.subscribers), ms: Number(values.seconds) * 1_000 }).catch((error: Error) => error);
          if (taken instanceof Error) rounds.set(name, taken.message);
          else sofar.push(taken);
          process.stderr.write(`${scene.kind} ${scene.viewers} ${name}: ${taken instanceof Error ? `OUT: ${taken.message}` : `${digits(taken.perSecond, 0)}/s, ${digits(taken.cpuMs * 1_000, 0)} µs each`}\n`);
        }
      }
      const ours = rounds.get('atlas');
      for (const [name, of] of rounds) {
        if (typeof of === 'string') rows.push([ROWS[name]!.what, 'left out', of.split('\n')[0]!.slice(0, 160), '']);
        else rows.push([ROWS[name]!.what, digits(median(of.map(({ perSecond }) => perSecond)), 0), digits(median(of.map(({ cpuMs }) => cpuMs * 1_000)), 0), Array.isArray(ours) ? digits(median(of.flatMap(({ cpuMs }, at) => (ours[at] ? [cpuMs / ours[at].cpuMs] : [])))) : '–']);
      }
      found.push(`**${scene.kind}, ${scene.viewers === 'shared' ? 'one viewer' : 'another viewer for each subscriber'}**\n\n${table(['gateway', 'deliveries/s', 'CPU µs/delivery', 'CPU × atlas'], rows)}`);
    }
    const text = `${machine()}. ${values.subscribers} subscribers, ${values.rounds} rounds of ${values.seconds} s each in turn. ${versions(['@graphql-hive/gateway-runtime', '@graphql-hive/router-runtime', 'graphql-ws'])}.\n\n${found.join('\n\n')}`;
    if (values.keep) process.stdout.write(`\n${text}\n`);
    else publish('streams', text);
  } finally {
    await Promise.all([feed.stop(), goods.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

let event = 0;

async function measure({ name, file, feed, scene, subscribers, ms }: { name: string; file: string; feed: Running; scene: Scene; subscribers: number; ms: number }): Promise<Round> {
  const gateway = await ROWS[name]!.start(file);
  const load = await start({ name: 'the subscribers', file: join(ROOT, 'test/bench/feed/load.ts') });
  try {
    const listen: Listen = { url: `ws://127.0.0.1:${gateway.port}/graphql`, kind: scene.kind, subscribers, viewers: scene.viewers };
    const { listening } = await load.ask<{ listening: number }>({ listen });
    if (listening !== subscribers) throw new Error('its socket does not open');
    // A gateway may listen once for many, or once for each: the feed is ready when nobody new has come for a while.
    let before = -1;
    await eventually('the gateway to listen', async () => {
      const now = await feed.ask<number>('listeners');
      const settled = now > 0 && now === before;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return settled;
    }, 15_000);
    const publishNext = () => feed.tell({ publish: ++event });
    const leave = load.hear<FromLoad>((message) => { if ('next' in message) publishNext(); });
    for (let at = 0; at < WINDOW; at++) publishNext();
    await new Promise((resolve) => setTimeout(resolve, WARM_MS));
    await took(load);
    const cpuBefore = await gateway.cpuMs();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const [cpuAfter, { deliveries, wrong, ms: tookMs }] = await Promise.all([gateway.cpuMs(), took(load)]);
    leave();
    if (wrong.length) throw new Error(`${wrong.length} deliveries were wrong: ${wrong[0]}`);
    if (!deliveries) throw new Error('nothing was delivered');
    return { perSecond: (deliveries * 1_000) / tookMs, cpuMs: (cpuAfter - cpuBefore) / deliveries };
  } finally {
    await load.stop();
    await gateway.stop();
  }
}

const took = (load: Running): Promise<{ deliveries: number; wrong: string[]; ms: number }> => new Promise((resolve) => {
  const leave = load.hear<FromLoad>((message) => {
    if (!('took' in message)) return;
    leave();
    resolve(message.took);
  });
  load.tell({ take: true });
});
