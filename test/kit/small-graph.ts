/**
 * A graph that is not Atlas's: two small subgraphs, each a real process on a port of its own, and the file of their
 * supergraph. A test ends, stops and starts the processes again, and changes the file.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { eventually } from './eventually.ts';
import { SDL, SMALL_NAMES, type SmallName } from './small-subgraphs.ts';

const SUBGRAPH = fileURLToPath(new URL('./small-subgraph.ts', import.meta.url));
const START = fileURLToPath(new URL('../../platform/start.mjs', import.meta.url));

/** `urls` says where each subgraph is; `more` is added to what the people publish, to tell one supergraph from the next. */
export function compose(urls: Record<SmallName, string>, more = ''): string {
  const { supergraphSdl, errors } = composeServices(SMALL_NAMES.map((name) => ({ name, url: urls[name], typeDefs: parse(name === 'people' ? `${SDL[name]}\n${more}` : SDL[name]) })));
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** On a machine that has much else to do. */
const START_MS = 90_000;

export interface SmallSubgraph { readonly url: string; readonly process: ChildProcess; kill(): Promise<void>; start(where?: 'there' | 'elsewhere'): Promise<void> }

async function startSubgraph(name: SmallName, given = 0): Promise<SmallSubgraph> {
  let child: ChildProcess;
  let port = given;
  const start = async (where?: 'there' | 'elsewhere') => {
    if (where === 'elsewhere') port = 0;
    // The channel tells it when this process is gone.
    child = fork(SUBGRAPH, [name, String(port)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: ['--import', 'tsx'] });
    port = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The subgraph ${name} ended with ${code}.`)));
      child.stdout!.on('data', (text: Buffer) => resolve(Number(/ready (\d+)/.exec(String(text))?.[1])));
    });
  };
  await start();
  return {
    get url() { return `http://127.0.0.1:${port}/graphql`; },
    get process() { return child; },
    start,
    kill: () => new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    }),
  };
}

export interface Gateway { url: string; process: ChildProcess; printed(): string; stop(): Promise<number | null> }

/** `atlas gateway --supergraph FILE`, started as a person would. */
export async function startAloneGateway(file: string, words: readonly string[] = [], env: Record<string, string> = {}): Promise<Gateway> {
  const child = spawn(process.execPath, [START, 'gateway', '--supergraph', file, '--port', '0', '--anonymous', ...words], { env: { PATH: process.env.PATH, DRAIN_NOTICE_MS: '100', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => { printed += String(text); });
  child.stderr.on('data', (text: Buffer) => { printed += String(text); });
  const url = await eventually('the gateway to listen', () => {
    if (child.exitCode !== null) throw new Error(`The gateway ended with ${child.exitCode}: ${printed}`);
    return / {2}gateway +(\S+)/.exec(printed)?.[1];
  }, START_MS);
  return {
    url, process: child, printed: () => printed,
    stop: () => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
      child.once('exit', resolve);
      child.kill('SIGTERM');
    }),
  };
}

export interface SmallGraph {
  readonly subgraphs: Record<SmallName, SmallSubgraph>;
  /** The file of the supergraph. */
  readonly file: string;
  readonly urls: Record<SmallName, string>;
  /** A second one of the same kind, which no supergraph names yet. */
  another(name: SmallName, port: number): Promise<SmallSubgraph>;
  gateway(words?: readonly string[], env?: Record<string, string>): Promise<Gateway>;
  stop(): Promise<void>;
}

export async function startSmallGraph(): Promise<SmallGraph> {
  const [people, reviews] = await Promise.all([startSubgraph('people'), startSubgraph('reviews')]);
  const subgraphs = { people, reviews };
  const urls = { people: people.url, reviews: reviews.url };
  const folder = mkdtempSync(join(tmpdir(), 'atlas small graph '));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, compose(urls));
  const gateways: Gateway[] = [];
  return {
    subgraphs, urls, file,
    another: startSubgraph,
    async gateway(words, env) {
      const gateway = await startAloneGateway(file, words, env);
      gateways.push(gateway);
      return gateway;
    },
    async stop() {
      await Promise.all([...gateways.map((gateway) => gateway.stop()), people.kill(), reviews.kill()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answered { status: number; text: string; body: { data?: Record<string, any> | null; errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[] } }

export async function ask(url: string, query: string, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Answered['body'] };
}
