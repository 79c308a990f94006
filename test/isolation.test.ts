/** Tenants and collections kept apart: random things done by random people of two tenants, and what every answer says. */
import { afterEach, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { isolationRun } from './isolation/run.ts';
import { FOLLOWED, NOT_YET, OPERATIONS } from './isolation/operations/index.ts';
import { ISOLATION_ENV } from './isolation/world.ts';
import { startServices, WHOLE, type Kit } from './kit/services.ts';

let kit: Kit | null = null;
afterEach(async () => {
  await kit?.stop();
  kit = null;
});

it('covers every root field of the public graph', () => {
  const schema = buildSchema(readFileSync(new URL('../schema/api.graphql', import.meta.url), 'utf8'));
  const fields = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
  const covered = new Set([...OPERATIONS.map(({ field }) => field), ...FOLLOWED, ...Object.keys(NOT_YET)]);
  expect(fields.filter((field) => !covered.has(field))).toEqual([]);
  expect([...covered].filter((field) => !fields.includes(field))).toEqual([]);
});

it('nobody is shown, told of or let change what is not theirs, whatever they try', async () => {
  kit = await startServices(WHOLE, { env: ISOLATION_ENV });
  const found = await isolationRun({ kit, seed: 20_261, operations: 500 });
  expect(found.faults).toEqual([]);
  expect(found).toMatchObject({ operations: 500 });
  // It tried what it was there to try.
  expect([found.done > 100, found.refused > 100, found.twins > 50, found.events > 50]).toEqual([true, true, true, true]);
}, 180_000);
