/** What a newcomer does in the first minutes, in a clone that has nothing installed, with a clock beside it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AtlasClient } from '../../clients/typescript/client.ts';
import { forgetFolder } from '../../platform/embedded/postgres-home.ts';
import { freePort } from '../kit/free-port.ts';
import { eventually } from '../kit/eventually.ts';

const INSTALL_MS = 300_000;
const PASSWORD = 'a long enough pass phrase';

export async function run(): Promise<void> {
  const folder = join(mkdtempSync(join(tmpdir(), 'atlas newcomer ')), 'my clone');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/graphql`;
  const started = performance.now();
  const figures: [string, number][] = [];
  const mark = (what: string, since: number) => { figures.push([what, performance.now() - since]); };
  try {
    execFileSync('git', ['clone', '-q', process.cwd(), folder]);
    let since = performance.now();
    const child = await start(folder, port, INSTALL_MS);
    mark('npm start to ready, installing everything', since);
    since = performance.now();
    await firstHour(url, folder);
    mark('register, tenant, invite, accept, key, query as the key', since);
    figures.push(['from the clone to the answer for the key', performance.now() - started]);
    since = performance.now();
    await stop(child);
    mark('Ctrl-C to gone', since);
    since = performance.now();
    const again = await start(folder, port, 60_000);
    mark('npm start again to ready', since);
    await stop(again);
  } finally {
    forgetFolder(join(folder, '.atlas', 'postgres'));
    rmSync(dirname(folder), { recursive: true, force: true });
  }
  process.stdout.write(`${figures.map(([what, ms]) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${what}`).join('\n')}\n`);
}

async function start(folder: string, port: number, withinMs: number): Promise<ChildProcess> {
  const child = spawn('npm', ['start'], { cwd: folder, env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  await eventually('Atlas to be ready', async () => {
    if (child.exitCode !== null) throw new Error(`npm start stopped with ${child.exitCode}.`);
    return fetch(`http://127.0.0.1:${port}/ready`).then((response) => response.ok, () => false);
  }, withinMs);
  return child;
}

/** As a terminal does it: the signal goes to the whole process group. */
async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  process.kill(-child.pid!, 'SIGINT');
  await ended;
  await eventually('no process to be left', () => {
    try {
      process.kill(-child.pid!, 0);
      return false;
    } catch {
      return true;
    }
  }, 15_000);
}

async function firstHour(url: string, folder: string): Promise<void> {
  const stranger = new AtlasClient({ url });
  const register = async (name: string) => {
    const data = await stranger.mutate('mutation($i: RegisterInput!) { register(input: $i) { session { accessToken refreshToken } userErrors { code message path } } }', { i: { email: `${name}@example.com`, password: PASSWORD, name } }) as { register: { session: { accessToken: string; refreshToken: string } } };
    return new AtlasClient({ url, session: data.register.session });
  };
  const [ada, bob] = [await register('ada'), await register('bob')];
  await ada.mutate('mutation { createTenant(input: { name: "Engines", slug: "engines" }) { userErrors { code message path } } }', {});
  const owner = ada.with({ tenant: 'engines' });
  await owner.mutate('mutation { inviteMember(input: { email: "bob@example.com", role: MEMBER }) { userErrors { code message path } } }', {});
  const token = await eventually('the invitation', () => letterWith(join(folder, '.atlas', 'mail'), /^inv_\S+/m));
  await bob.mutate('mutation($t: String!) { acceptInvitation(input: { token: $t }) { userErrors { code message path } } }', { t: token });
  const { createApiKey } = await owner.mutate('mutation { createApiKey(input: { name: "first", scopes: ["tenants:read"] }) { secret userErrors { code message path } } }', {}) as { createApiKey: { secret: string } };
  const { tenant } = await new AtlasClient({ url, key: createApiKey.secret }).query('{ tenant { slug members { nodes { role user { name } } } } }', {}) as { tenant: { slug: string; members: { nodes: unknown[] } } };
  if (tenant.slug !== 'engines' || tenant.members.nodes.length !== 2) throw new Error(`The key saw something else: ${JSON.stringify(tenant)}`);
}

function letterWith(folder: string, pattern: RegExp): string | null {
  if (!existsSync(folder)) return null;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.eml'))) {
    const [found] = pattern.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
    if (found) return found.trim();
  }
  return null;
}
