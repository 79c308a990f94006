import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { knownItem } from '../../test/kit/answers.ts';
import { keyOf, newCollection } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const SAVE = 'mutation($input: SaveEvalSetInput!) { saveEvalSet(input: $input) { evalSet { id name questions { question itemIds mustSay mustNotSay } } userErrors { code path } } }';
const START = 'mutation($input: StartEvalRunInput!) { startEvalRun(input: $input) { evalRun { id finishedAt job { id } evalSet { id } } userErrors { code path } } }';
const MEASURES = 'recallAt5 ndcgAt10 citationPrecision citationRecall groundedness rightItems saysIt refusal';
const RUNS = `{ evalRuns { nodes { id model prompt finishedAt latencyMsP50 latencyMsP95 cost { amount currency } each measures { ${MEASURES} } } } }`;
const TREND = `{ evalSets { nodes { id trend { id measures { ${MEASURES} } } } } }`;

let kit: Kit;
let acme: TestTenant;
let ada: Person, ann: Person;
let herons: string, owls: string;
beforeAll(async () => {
  kit = await startServices(SERVICES);
  acme = await newTenant(kit);
  [ada, ann] = [await newMember(kit, acme, 'ADMIN'), await newMember(kit, acme, 'MEMBER')];
  const birds = await newCollection(kit, ada);
  herons = await knownItem(kit, ada, birds, { title: 'Herons', body: 'A heron colony is called a heronry.' });
  owls = await knownItem(kit, ada, birds, { title: 'Owls', body: 'A group of owls is called a parliament.' });
}, 120_000);
afterAll(() => kit.stop());

const ask = (who: Person, document: string, variables: object = {}) => kit.ask('ai', document, variables as Record<string, unknown>, who.viewer);
const save = async (questions: object[], more: object = {}) => done(await ask(ada, SAVE, { input: { name: 'Birds', questions, ...more } })).evalSet;
async function measured(evalSetId: string): Promise<any> {
  const { evalRun } = done(await ask(ada, START, { input: { evalSetId } }));
  expect(evalRun).toMatchObject({ finishedAt: null, job: { id: expect.stringMatching(/^job_/) }, evalSet: { id: evalSetId } });
  return eventually('the run to end', async () => dataOf(await ask(ada, RUNS)).evalRuns.nodes.find(({ id, finishedAt }: any) => id === evalRun.id && finishedAt !== null) ?? null);
}

describe('a set of questions', () => {
  it('is asked, and it is measured what was found, said, cited and refused', async () => {
    const set = await save([
      { question: 'What is a colony of herons called?', itemIds: [herons], mustSay: ['heronry'], mustNotSay: ['parliament'] },
      { question: 'What is a group of owls called?', itemIds: [owls], mustSay: ['parliament'] },
      { question: 'Who won the election in Peru?' },
    ]);
    const run = await measured(set.id);
    expect(run.measures).toEqual({ recallAt5: 1, ndcgAt10: expect.any(Number), citationPrecision: 1, citationRecall: 1, groundedness: 1, rightItems: 1, saysIt: 1, refusal: 1 });
    expect(run).toMatchObject({ model: 'local', prompt: 'answer.v1', cost: { amount: expect.stringMatching(/^0\.000\d+$/), currency: 'USD' }, latencyMsP50: expect.any(Number), latencyMsP95: expect.any(Number) });
    expect(run.each).toHaveLength(3);
    // What was answered is kept nowhere.
    expect(JSON.stringify(run)).not.toMatch(/heronry|parliament/);
    const told = await kit.eventAbout('ai.eval-run-completed', run.id);
    expect(told.usage!.map(({ metric }) => metric)).toEqual(['ai.input-tokens', 'ai.output-tokens', 'ai.cost']);
    expect(Number(told.usage![0]!.quantity)).toBeGreaterThan(0);
  });

  it('that expects what is not so is found to be missed, and the trend shows both', async () => {
    const set = await save([{ question: 'What is a colony of herons called?', itemIds: [owls], mustSay: ['parliament'] }]);
    const bad = await measured(set.id);
    expect(bad.measures).toMatchObject({ rightItems: 0, saysIt: 0 });
    await save([{ question: 'What is a colony of herons called?', itemIds: [herons], mustSay: ['heronry'] }], { id: set.id });
    const good = await measured(set.id);
    const { evalSets } = dataOf(await ask(ada, TREND));
    expect(evalSets.nodes.find(({ id }: any) => id === set.id).trend.map(({ id, measures }: any) => [id, measures.saysIt])).toEqual([[bad.id, 0], [good.id, 1]]);
  });

  it.each([
    ['no question', []], ['a question of nothing', [{ question: ' ' }]], ['what is no item', [{ question: 'x', itemIds: ['col_x'] }]], ['too many questions', Array.from({ length: 501 }, () => ({ question: 'x' }))],
  ])('is refused with %s', async (_, questions) => {
    expect(codeOf(await ask(ada, SAVE, { input: { name: 'x', questions } }))).toBe('INVALID_INPUT');
  });

  it('is the administrators’ alone, and of one tenant', async () => {
    const { id } = await save([{ question: 'What is a heronry?' }]);
    const other = await newTenant(kit);
    for (const who of [ann, keyOf(acme, ada, 'ADMIN', ['tenants:admin', 'ai:ask'])]) expect(codeOf(await ask(who, START, { input: { evalSetId: id } }))).toBe('FORBIDDEN');
    expect(codeOf(await ask(other.owner, START, { input: { evalSetId: id } }))).toBe('NOT_FOUND');
    expect(codeOf(await ask(other.owner, SAVE, { input: { id, name: 'x', questions: [{ question: 'x' }] } }))).toBe('NOT_FOUND');
    expect(dataOf(await ask(other.owner, RUNS)).evalRuns.nodes).toEqual([]);
  });
});
