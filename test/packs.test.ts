/** What runs is loaded from a pack or from node_modules, never from both: a class that is there twice is two. */
import { beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ARRANGEMENTS, startArrangement } from './kit/arrangements.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKS = join(ROOT, '.atlas', 'packs');
/** Every script that the process and its threads loaded, of files below the repository. */
let loaded: string[];
let pack: string;
/** The files of node_modules that are in the pack. */
let inside: string[];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'atlas packs '));
  try {
    const atlas = await startArrangement(ARRANGEMENTS['in one process'], { NODE_V8_COVERAGE: folder });
    const answer = await fetch(atlas.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ apiKeyScopes { name } }"}' });
    expect(await answer.json()).toMatchObject({ data: { apiKeyScopes: expect.any(Array) } });
    await atlas.stop();
    const told = readdirSync(folder).flatMap((file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] }).result);
    loaded = [...new Set(told.map(({ url }) => url).filter((url) => url.startsWith(pathToFileURL(ROOT).href)).map((url) => relative(ROOT, fileURLToPath(url))))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  pack = /^\.atlas\/packs\/([^/]+)\//.exec(loaded.find((file) => file.startsWith('.atlas/packs/')) ?? '')?.[1] ?? '';
  inside = readFileSync(join(PACKS, pack, 'atlas-inputs'), 'utf8').split('\n').map((line) => line.slice(line.indexOf('\t') + 1));
});

it('a process loads its packages from one pack, and none of them from node_modules too', () => {
  const packed = new Set(inside);
  expect(loaded.filter((file) => packed.has(file))).toEqual([]);
  expect(new Set(loaded.filter((file) => file.startsWith('.atlas/packs/')).map((file) => file.split('/')[2]))).toEqual(new Set([pack]));
  // The ones that stay where they are, for their reasons, and what those load.
  const outside = new Set(loaded.filter((file) => file.startsWith('node_modules/')).map((file) => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)![1]!));
  expect([...outside].filter((name) => inside.some((file) => file.startsWith(`node_modules/${name}/`)))).toEqual([]);
});

it('what only a setting asks for is not loaded without it', () => {
  const text = loaded.filter((file) => file.startsWith(`.atlas/packs/${pack}/`)).map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  for (const name of ['kafkajs', 'ioredis', 'nodemailer', '@aws-sdk/client-s3', '@opentelemetry/exporter-trace-otlp-http']) {
    expect({ name, packed: inside.some((file) => file.startsWith(`node_modules/${name}/`)), loaded: text.includes(`// node_modules/${name}/`) }).toEqual({ name, packed: true, loaded: false });
  }
  expect(text).toContain('// node_modules/graphql/');
});

it('packages that require graphql and ones that import it speak of one class', async () => {
  const script = `
    const from = (name) => import(new URL(name + '.js', process.argv[1]));
    const { GraphQLSchema, parse, validate } = await from('graphql');
    const { buildSubgraphSchema } = await from('@apollo+subgraph'); // requires it
    const { GraphQLDateTime } = await from('graphql-scalars'); // imports it
    const { GraphQLScalarType } = await from('graphql');
    const other = await from('graphql+validation+validate.js');
    const schema = buildSubgraphSchema({ typeDefs: parse('type Query { a: Int }') });
    console.log(JSON.stringify([schema instanceof GraphQLSchema, GraphQLDateTime instanceof GraphQLScalarType, validate === other.validate]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, pathToFileURL(`${join(PACKS, pack)}/`).href]);
  expect(JSON.parse(stdout)).toEqual([true, true, true]);
});
