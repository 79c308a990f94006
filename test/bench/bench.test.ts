/** The benches measure what is right: their worlds through our own gateway, as processes, without the peers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ROOT, start, type Running } from './processes.ts';
import { ROWS } from './rows.ts';
import { supergraphOf } from './world/compose.ts';
import { DATASETS, type Dataset } from './world/data.ts';
import { whole } from './world/graphs.ts';
import { recordCalls } from './world/record.ts';
import { QUESTION, SUBGRAPHS } from './world/schemas.ts';
import type { Loaded } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
const processes: Running[] = [];
const keep = async (one: Promise<Running>): Promise<Running> => { const started = await one; processes.push(started); return started; };
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function serve(dataset: Dataset): Promise<string> {
  const urls = await Promise.all(SUBGRAPHS.map(async (name) => [name, `http://127.0.0.1:${(await keep(start({ name, file: join(ROOT, 'test/bench/world/serve.ts'), args: [name, dataset, 'PORT'], path: '/' }))).port}/graphql`] as const));
  return supergraphOf(Object.fromEntries(urls) as never);
}

describe('the public query', () => {
  it('answers what the whole graph would, through our gateway and under load, and a wrong answer is seen', async () => {
    const sdl = await serve('repeated');
    const supergraphFile = join(folder, 'supergraph.graphql');
    writeFileSync(supergraphFile, sdl);
    const data = JSON.stringify(whole('repeated')({ query: QUESTION }).data);
    const gateway = await keep(ROWS.find(({ name }) => name === 'atlas')!.start({ folder, supergraphFile, calls: [], answer: '' }));
    const loader = await keep(start({ name: 'the clients', file: join(ROOT, 'test/bench/load.ts') }));
    const load = { url: `http://127.0.0.1:${gateway.port}/graphql`, body: JSON.stringify({ query: QUESTION }), connections: 4, ms: 300, authorization: 'unique', right: '' };
    const right = await loader.ask<Loaded>({ ...load, expected: data });
    expect(right).toMatchObject({ wrong: 0 });
    expect(right.answers).toBeGreaterThan(0);
    const wrong = await loader.ask<Loaded>({ ...load, expected: data.replace('"Table"', '"Chair"') });
    expect(wrong.wrong).toBe(wrong.answers);
    expect(await gateway.cpuMs()).toBeGreaterThan(0);
  });

  it.each(DATASETS)('has an answer of about 87 kB and sixteen calls in four steps when entities are %s', async (dataset) => {
    const urls = Object.fromEntries(SUBGRAPHS.map((name) => [name, `http://${name}.invalid/graphql`]));
    const steps = await recordCalls(supergraphOf(urls as never), dataset);
    expect(steps.map((step) => step.length)).toEqual([2, 3, 8, 3]);
    const bytes = JSON.stringify(whole(dataset)({ query: QUESTION })).length;
    expect(Math.round(bytes / 1_000)).toBe(87);
  });
});
