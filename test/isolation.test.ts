/** Tenants and collections kept apart: random things done by random people of two tenants, and what every answer says. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { isolationRun } from './isolation/run.ts';
import { FOLLOWED, NOT_YET, OPERATIONS } from './isolation/operations/index.ts';
import { ISOLATION_ENV } from './isolation/world.ts';
import { startServices, WHOLE, type Kit } from './kit/services.ts';
import type { Graph } from '../platform/graph.ts';
import { userViewer, type Viewer } from '../platform/viewer.ts';

/** One for all: each run brings tenants and people of its own. */
let kit: Kit;
beforeAll(async () => { kit = await startServices(WHOLE, { env: ISOLATION_ENV }); });
afterAll(() => kit?.stop());

it('covers every root field of the public graph', () => {
  const schema = buildSchema(readFileSync(new URL('../schema/api.graphql', import.meta.url), 'utf8'));
  const fields = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
  const covered = new Set([...OPERATIONS.map(({ field }) => field), ...FOLLOWED, ...Object.keys(NOT_YET)]);
  expect(fields.filter((field) => !covered.has(field))).toEqual([]);
  expect([...covered].filter((field) => !fields.includes(field))).toEqual([]);
});

it('nobody is shown, told of or let change what is not theirs, whatever they try', async () => {
  const found = await isolationRun({ kit, seed: 20_261, operations: 500 });
  expect(found.faults).toEqual([]);
  expect(found).toMatchObject({ operations: 500 });
  // It tried what it was there to try.
  expect([found.done > 100, found.refused > 100, found.twins > 50, found.events > 10]).toEqual([true, true, true, true]);
}, 480_000);

/** What a service would answer that forgets whom it answers. */
type Answers = Graph['answer'];
const BREACHES: Record<string, { seed: number; service: 'collections' | 'search' | 'ai'; plant(answer: Answers): Answers; found: RegExp; focus?: RegExp }> = {
  'lists and reads as if everybody administered the tenant': {
    seed: 1, service: 'collections', found: /shows zq[0-9a-f]{8}qz of (collection|item)/,
    plant: (answer) => (question) => answer({ ...question, viewer: everybodyOwns(question.viewer) }),
  },
  'searches as if everybody administered the tenant': {
    seed: 5, service: 'search', found: /Query\.(search|suggest) .*shows zq[0-9a-f]{8}qz of (collection|item|attachment)/s,
    plant: (answer) => (question) => answer({ ...question, viewer: everybodyOwns(question.viewer) }),
  },
  'answers from what only those who administer may see': {
    seed: 3, service: 'ai', focus: /\.ask$|createCollection|createItem/, found: /(ask|regenerateAnswer|conversations?) by .*shows zq[0-9a-f]{8}qz of (collection|item)/s,
    plant: (answer) => (question) => answer({ ...question, viewer: everybodyOwns(question.viewer) }),
  },
  'shows what was asked to whoever knows its id': {
    seed: 4, service: 'ai', focus: /conversation$|renameConversation|\.ask$/, found: /(shows zq[0-9a-f]{8}qz of conversation|tells (cnv|ans)_\w+ from what there is not)/,
    plant: (answer) => asWhoeverSawIt(answer, /(?:cnv|ans)_[0-9a-z]{26}/g),
  },
  'tells what is hidden from what there is not': {
    seed: 2, service: 'collections', found: /tells \w+ from what there is not/,
    plant(answer) {
      const known = new Set<string>();
      return async (question) => {
        const answered = await answer(question);
        for (const [id] of JSON.stringify(answered).matchAll(/(col|itm)_[0-9a-z]{26}/g)) known.add(id);
        const asked = JSON.stringify(question.variables ?? {}).match(/(col|itm)_[0-9a-z]{26}/g) ?? [];
        const [error] = answered.errors ?? [];
        return asked.some((id) => known.has(id)) && answered.data && Object.values(answered.data).includes(null) ? { ...answered, errors: [{ ...error, message: 'It is there, but not for you.', extensions: { code: 'FORBIDDEN', status: 403, retryable: false } } as never] } : answered;
      };
    },
  },
};
const everybodyOwns = (viewer: Viewer): Viewer =>
  (viewer.kind === 'user' && viewer.tenantId ? userViewer({ userId: viewer.userId!, sessionId: viewer.sessionId, tenantId: viewer.tenantId, role: 'OWNER' }) : viewer);
/** Asked about something, it answers as whoever was shown it first, in that tenant. */
function asWhoeverSawIt(answer: Answers, named: RegExp): Answers {
  const first = new Map<string, Viewer>();
  return async (question) => {
    const [id] = JSON.stringify(question.variables ?? {}).match(named) ?? [];
    const asWhom = id === undefined ? undefined : first.get(id);
    const answered = await answer({ ...question, viewer: asWhom?.tenantId === question.viewer.tenantId ? asWhom : question.viewer });
    for (const [shown] of JSON.stringify(answered).matchAll(named)) if (!first.has(shown)) first.set(shown, question.viewer);
    return answered;
  };
}

it.each(Object.entries(BREACHES))('a service that %s is found out', async (_, { seed, service, plant, found, focus }) => {
  const { graph } = kit.atlas.services.get(service)!;
  const { answer } = graph;
  graph.answer = plant(answer.bind(graph));
  try {
    const { faults } = await isolationRun({ kit, seed, operations: 450, faultsMax: 6, until: found, ...(focus && { focus }) });
    expect(faults).toContainEqual(expect.stringMatching(found));
  } finally {
    graph.answer = answer;
  }
}, 180_000);
