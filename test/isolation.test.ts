/** Tenants and collections kept apart: random things done by random people of two tenants, and what every answer says. */
import { afterEach, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { isolationRun } from './isolation/run.ts';
import { FOLLOWED, NOT_YET, OPERATIONS } from './isolation/operations/index.ts';
import { ISOLATION_ENV } from './isolation/world.ts';
import { startServices, WHOLE, type Kit } from './kit/services.ts';
import { userViewer, type Viewer } from '../platform/viewer.ts';

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
  expect([found.done > 100, found.refused > 100, found.twins > 50, found.events > 10]).toEqual([true, true, true, true]);
}, 480_000);

/** What a service would answer that forgets whom it answers. */
const BREACHES: Record<string, { seed: number; plant(kit: Kit): void; found: RegExp }> = {
  'lists and reads as if everybody administered the tenant': {
    seed: 1, found: /shows zq[0-9a-f]{8}qz of (collection|item)/,
    plant: (kit) => answerAs(kit, (viewer) => (viewer.kind === 'user' && viewer.tenantId ? userViewer({ userId: viewer.userId!, sessionId: viewer.sessionId, tenantId: viewer.tenantId, role: 'OWNER' }) : viewer)),
  },
  'tells what is hidden from what there is not': {
    seed: 2, found: /tells \w+ from what there is not/,
    plant(kit) {
      const { graph } = kit.atlas.services.get('collections')!;
      const answer = graph.answer.bind(graph);
      const known = new Set<string>();
      graph.answer = async (question) => {
        const answered = await answer(question);
        for (const [id] of JSON.stringify(answered).matchAll(/(col|itm)_[0-9a-z]{26}/g)) known.add(id);
        const asked = JSON.stringify(question.variables ?? {}).match(/(col|itm)_[0-9a-z]{26}/g) ?? [];
        const [error] = answered.errors ?? [];
        return asked.some((id) => known.has(id)) && answered.data && Object.values(answered.data).includes(null) ? { ...answered, errors: [{ ...error, message: 'It is there, but not for you.', extensions: { code: 'FORBIDDEN', status: 403, retryable: false } } as never] } : answered;
      };
    },
  },
};
function answerAs(kit: Kit, other: (viewer: Viewer) => Viewer): void {
  const { graph } = kit.atlas.services.get('collections')!;
  const answer = graph.answer.bind(graph);
  graph.answer = (question) => answer({ ...question, viewer: other(question.viewer) });
}

it.each(Object.entries(BREACHES))('a service that %s is found out', async (_, { seed, plant, found }) => {
  kit = await startServices(WHOLE, { env: ISOLATION_ENV });
  plant(kit);
  const { faults } = await isolationRun({ kit, seed, operations: 300, faultsMax: 6 });
  expect(faults).toContainEqual(expect.stringMatching(found));
}, 120_000);
