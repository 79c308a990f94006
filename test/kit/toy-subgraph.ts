/** The toy graph as a subgraph that listens on its own: in this process, or as a process of its own that can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import type { Graph } from '../../platform/graph.ts';
import { graphRoute } from '../../platform/graph-http.ts';
import { graphSocket } from '../../platform/graph-socket.ts';
import { openLog } from '../../platform/log.ts';
import { serve, type Listener, type Upgrade } from '../../platform/serve.ts';
import { viewerVerifier } from '../../platform/viewer-header.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/toy-process.ts', import.meta.url));
export const silent = openLog({ level: 'silent', pretty: false });

export interface DatabaseUrls { url: string; ownerUrl: string }
export const toyDatabase = (at: DatabaseUrls): Promise<Database> =>
  databaseOpener({ ...at, poolMax: 4, statementMs: 10_000, log: silent })({ service: 'tenants', tables: [], migrations: [] });

export function serveToy(graph: Graph, database: Database, port = 0, onSocket: () => void = () => undefined): Promise<Listener> {
  const verifier = viewerVerifier(database);
  const socket = graphSocket(graph, verifier);
  const take: Upgrade['take'] = (...given) => {
    onSocket();
    socket.take(...given);
  };
  return serve({
    name: 'tenants', host: '127.0.0.1', port, drainMs: 2_000, noticeMs: 100, log: silent, readiness: async () => ({ ready: true, detail: {} }),
    routes: { '/graphql': graphRoute(graph, verifier) }, upgrades: { '/graphql': { ...socket, take } },
  });
}

/** Resolves when it answers. */
export function spawnToy(at: DatabaseUrls, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', FIXTURE, String(port), at.url, at.ownerUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The toy stopped with ${code}.`)));
    child.stdout.on('data', (text: Buffer) => { if (String(text).includes('listening')) resolve(child); });
  });
}

export const kill = (child: ChildProcess): Promise<void> => new Promise((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) return resolve();
  child.once('exit', () => resolve());
  child.kill('SIGKILL');
});
