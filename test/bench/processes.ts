/** Processes of a benchmark: started on ports of loopback, asked for the CPU they used, stopped when the bench ends however it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const PEERS = fileURLToPath(new URL('./peers/', import.meta.url));
const METER = pathToFileURL(join(ROOT, 'test/bench/meter.mjs')).href;

export interface Running {
  readonly port: number;
  /** Of all its threads, since it was started. */
  cpuMs(): Promise<number>;
  /** Sends a message and waits for the answer to it. */
  ask<Answer>(message: unknown): Promise<Answer>;
  tell(message: unknown): void;
  /** What it says by itself; returns what ends the listening. */
  hear<Message>(take: (message: Message) => void): () => void;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** `args` may speak of the port as `PORT`, and so may a value of `env`. Files of TypeScript are compiled as they are read; peers run as they were published. */
export async function start(given: { name: string; file: string; args?: readonly string[]; env?: Record<string, string>; flags?: readonly string[]; path?: string }): Promise<Running> {
  const port = await freePort();
  const args = (given.args ?? []).map((each) => each.replaceAll('PORT', String(port)));
  const env = Object.fromEntries(Object.entries(given.env ?? {}).map(([key, value]) => [key, value === 'PORT' ? String(port) : value]));
  const said: string[] = [];
  const child = spawn(process.execPath, ['--import', METER, ...(given.file.endsWith('.ts') ? ['--import', 'tsx'] : []), ...(given.flags ?? []), given.file, ...args], {
    cwd: ROOT, env: { ...process.env, NODE_ENV: 'production', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => { said.push(text.toString()); if (said.length > 200) said.shift(); });
  child.once('exit', () => running.delete(child));
  const alive = () => { if (child.exitCode !== null || child.signalCode) throw new Error(`${given.name} stopped by itself:\n${said.join('')}`); };
  if (given.path) {
    await eventually(`${given.name} to answer`, async () => {
      alive();
      return fetch(`http://127.0.0.1:${port}${given.path}`).then(() => true, () => false);
    }, 60_000);
  } else {
    // What has no port says `ready` when it listens to its parent; what is told before that is lost.
    await Promise.race([new Promise((ready) => { child.once('message', ready); }), new Promise((gone) => { child.once('exit', gone); })]);
    alive();
  }
  const ask = <Answer>(message: unknown) => new Promise<Answer>((resolve, reject) => {
    alive();
    const gone = () => reject(new Error(`${given.name} stopped by itself:\n${said.join('')}`));
    child.once('exit', gone);
    child.once('message', (answer) => { child.off('exit', gone); resolve(answer as Answer); });
    child.send(message as object);
  });
  return {
    port, ask,
    tell: (message) => { child.send(message as object); },
    hear: (take) => {
      child.on('message', take as (message: unknown) => void);
      return () => { child.off('message', take as (message: unknown) => void); };
    },
    cpuMs: async () => { const { user, system } = await ask<NodeJS.CpuUsage>('cpu'); return (user + system) / 1_000; },
    async stop() {
      if (!running.has(child)) return;
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Whoever Atlas is measured beside is installed by the first bench that wants them, and again when a lock changes. */
export async function installPeers(): Promise<void> {
  for (const folder of [PEERS, join(PEERS, 'mercurius'), join(PEERS, 'postgraphile')]) {
    const stamp = join(folder, 'node_modules', '.stamp');
    const wanted = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).digest('hex');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    process.stderr.write(`Installing who is measured beside (${relative(ROOT, folder)}) …\n`);
    const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 2, 2] });
    const code = await new Promise((resolve) => { child.once('exit', resolve); });
    if (code !== 0) throw new Error('Who is measured beside could not be installed: see what npm said.');
    writeFileSync(stamp, wanted);
  }
}
