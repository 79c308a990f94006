/** Who is measured by `bench gateway`: how each is started, and what it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS, ROOT, start, type Running } from './processes.ts';
import type { Call } from './world/record.ts';

export interface Beside { folder: string; supergraphFile: string; calls: Call[][]; answer: string; profile?: string | undefined }
export interface Row { name: string; what: string; start(beside: Beside): Promise<Running> }

const peer = (name: string, what: string, file: string, ...args: string[]): Row => ({
  name, what,
  start: ({ supergraphFile }) => start({ name, file: join(PEERS, file), args: [supergraphFile, 'PORT', ...args], path: '/graphql' }),
});

const floor: Row = {
  name: 'floor',
  what: 'undici, the same calls, an answer made beforehand',
  start({ folder, calls, answer }) {
    const file = join(folder, 'calls.json');
    writeFileSync(file, JSON.stringify({ steps: calls, answer }));
    return start({ name: 'floor', file: join(ROOT, 'test/bench/gateways/floor.mjs'), args: [file, 'PORT'], path: '/' });
  },
};

/** As `npx atlas` and `npm start` give it to node by themselves. */
const YOUNG = '--max-semi-space-size=64';

const atlas: Row = {
  name: 'atlas',
  what: 'Atlas alone',
  start: ({ supergraphFile, profile }) => start({ name: 'atlas', flags: [YOUNG, ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])], file: join(ROOT, 'platform/start.mjs'), args: ['gateway', '--supergraph', supergraphFile, '--port', 'PORT', '--anonymous'], path: '/health' }),
};

const whole: Row = {
  name: 'atlas-whole',
  what: 'Atlas, the whole pipeline: tokens, rights, limits, points, spans, signed viewers',
  start: ({ supergraphFile }) => start({ name: 'atlas-whole', flags: [YOUNG], file: join(ROOT, 'test/bench/gateways/full.ts'), args: [supergraphFile, 'PORT'], path: '/health', env: { ATLAS_SECRET: 'a secret of the bench, and of nobody else' } }),
};

export const ROWS: readonly Row[] = [
  atlas,
  whole,
  peer('apollo', 'ApolloServer + @apollo/gateway', 'apollo.mjs'),
  peer('hive', 'Hive Gateway', 'hive.mjs'),
  peer('hive-jit', 'Hive Gateway, JIT', 'hive.mjs', 'jit'),
  peer('hive-rust', 'Hive Gateway, Rust planner', 'hive.mjs', 'rust'),
  peer('hive-rust-shared', 'Hive Gateway, Rust planner, sharing whole requests (its option)', 'hive.mjs', 'rust-shared'),
  peer('mercurius', 'Mercurius gateway, JIT', 'mercurius/gateway.mjs'),
  floor,
];
