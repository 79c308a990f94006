/** Who is measured by `bench collections`: how each is started, and as whom it is asked. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { PEERS, ROOT, start, type Running } from '../processes.ts';
import { fresh, questionOf, type Kind, type Side } from './questions.ts';
import type { World } from './world.ts';

export const WHAT: Record<Side, string> = { atlas: 'Atlas', postgraphile: 'PostGraphile 5', floor: 'node:http + pg, one round trip' };
/** As `npm start` has it, and as many for the others. */
const POOL = '6';
const HEAR = ['--import', pathToFileURL(join(ROOT, 'test/bench/collections/hear-sql.mjs')).href];

export interface Served { side: Side; running: Running; url: string; headers: Record<string, string> }

export async function serve(side: Side, world: World, profile?: string): Promise<Served> {
  if (side === 'atlas') return atlas(world, profile);
  const file = side === 'floor' ? join(ROOT, 'test/bench/gateways/pg-floor.mjs') : join(PEERS, 'postgraphile/server.mjs');
  const running = await start({ name: side, file, flags: HEAR, args: ['PORT', world.env.DATABASE_URL!, POOL, JSON.stringify(world.settings)], path: '/graphql', env: { GRAPHILE_ENV: 'production' } });
  return { side, running, url: `http://127.0.0.1:${running.port}/graphql`, headers: {} };
}

const LOGIN = 'mutation($input: LoginInput!) { login(input: $input) { session { accessToken } userErrors { message } } }';

/** Everything in one process, as `npm start` has it; asked by a person who has signed in. */
async function atlas(world: World, profile?: string): Promise<Served> {
  const running = await start({
    name: 'atlas', file: join(ROOT, 'platform/start.mjs'), path: '/ready', flags: [...HEAR, '--max-semi-space-size=64', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])],
    env: { ...world.env, PORT: 'PORT', NODE_ENV: '' },
  });
  const url = `http://127.0.0.1:${running.port}/graphql`;
  const { data, errors } = await ask({ url, headers: {} }, JSON.stringify({ query: LOGIN, variables: { input: { email: world.email, password: world.password } } }));
  if (errors || !data.login.session) throw new Error(`Nobody could sign in: ${JSON.stringify(errors ?? data)}`);
  return { side: 'atlas', running, url, headers: { authorization: `Bearer ${data.login.session.accessToken}`, 'atlas-tenant': world.tenant } };
}
export async function text({ url, headers }: Pick<Served, 'url' | 'headers'>, body: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', ...headers }, body });
  return response.text();
}
export async function ask(served: Pick<Served, 'url' | 'headers'>, body: string): Promise<{ data: any; errors?: unknown }> {
  return JSON.parse(await text(served, body)) as { data: any };
}

interface Heard { pid: number; text: string; name?: string; /** Sent in the same round trip as the one before. */ isBehind: boolean }

/** What a side sends to the server for one question, warm. What Atlas does beside it for itself is left out. */
export async function statementsOf({ side, running, url, headers }: Served, kind: Kind, world: World): Promise<string[]> {
  const { bodies } = questionOf(side, kind, world);
  await running.ask('told');
  await text({ url, headers }, fresh(bodies[0]!));
  await pause(300);
  const heard = await running.ask<Heard[]>('told');
  if (side !== 'atlas') return heard.map(said);
  let ours = new Set<number>();
  return heard.flatMap((one) => {
    if (/^begin/i.test(one.text)) ours = new Set([...ours].filter((pid) => pid !== one.pid).concat(/ROLE atlas_collections\b/.test(one.text) ? [one.pid] : []));
    return ours.has(one.pid) ? [said(one)] : [];
  });
}
const said = ({ text: sql, name, isBehind }: Heard): string => `${isBehind ? '+ ' : ''}${sql.replace(/\s+/g, ' ').trim()}${name ? ' [named]' : ''}`;
