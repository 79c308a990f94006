/** What a model may do while it answers, where whoever asks allows it: as they may, and nothing that writes before somebody has approved of it. The model is another's, on this machine, and asks for whatever it is told to. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answerTo, follow, kinds, knownItem, readAnswer, textOf, type Told } from '../../test/kit/answers.ts';
import { newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Following } from '../../test/kit/following.ts';
import { modelServer, type ModelServer } from '../../test/kit/model-server.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const ALL = ['SEARCH', 'READ_ITEM', 'SUMMARISE_ITEM', 'DRAFT_ITEM'];
const QUESTION = 'Where is the boiler?';
const LONG = `The boiler is in the cellar.\n\n${Array.from({ length: 12 }, (_, n) => `Chapter ${n}. ${'The pump of the boiler is looked after by somebody who knows it. '.repeat(14)}`).join('\n\n')}\n\nThe last key hangs behind the door.`;
const DECIDE = 'mutation($input: DecideApprovalInput!) { decideApproval(input: $input) { approval { id state edited drafts { title body tags edited } } userErrors { code path } } }';
const READ = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Approval { state reasons drafts { title body tags collectionId edited item { id } error { code } } } } }';
const ITEMS = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Collection { items(first: 100) { nodes { id title body tags metadata createdBy { id } } } } } }';

let server: ModelServer;
let kit: Kit;
let acme: TestTenant;
let ann: Person, bob: Person;
let notes: string, drafts: string, boiler: string;
beforeAll(async () => {
  server = await modelServer();
  kit = await startServices(SERVICES, { env: { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2' } });
  acme = await newTenant(kit);
  [ann, bob] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  [notes, drafts] = [await newCollection(kit, ann), await newCollection(kit, ann)];
  boiler = await knownItem(kit, ann, notes, { title: 'The boiler', body: LONG });
  await knownItem(kit, ann, notes, { title: 'Ventilation', body: 'Windows on the north side open by themselves at dusk.' });
  await knownItem(kit, bob, await newCollection(kit, bob), { title: 'Ventilation of others', body: 'Windows on the north side open with SECRETCODE at dusk.' });
}, 120_000);
afterAll(async () => {
  await kit?.stop();
  await server?.stop();
});
beforeEach(() => { server.asked.length = 0; });

const calls = (name: string, input: object, text: string[] = []) => ({ text, tool: { id: `call_${name}`, name, input: [JSON.stringify(input)] } });
const itemsIn = async (collection: string): Promise<any[]> => dataOf(await kit.ask('collections', ITEMS, { representations: [{ __typename: 'Collection', id: collection }] }, ann.viewer))._entities[0].items.nodes;
const approvalOf = async (id: string, by: Person): Promise<any> => dataOf(await kit.ask('ai', READ, { representations: [{ __typename: 'Approval', id }] }, by.viewer))._entities[0];
const told = (at: number): string => JSON.stringify(server.asked[at]!.body.messages.filter(({ role }: any) => role === 'tool'));
async function waiting(body: string, title = 'Boilers', tags: unknown = ['heating', 'see https://evil.example/t']): Promise<{ following: Following<Told>; id: string; answerId: string }> {
  server.does(calls('draft_item', { title, body, tags }), { text: ['The boiler is in the cellar [1].'] });
  const following = follow(kit, ann, { question: QUESTION, tools: ALL, draftsIn: drafts });
  const asked = await eventually('it to wait', () => following.got.find(({ __typename }) => __typename === 'ApprovalRequested'));
  return { following, id: asked.approval.id, answerId: following.got[0]!.answerId! };
}

describe('a model that is allowed to', () => {
  it('is offered what was allowed, looks again as whoever asked, and cites what it found', async () => {
    server.does(calls('search', { query: 'windows north side dusk' }, ['Let me see. ']), { text: ['The boiler is in the cellar [1]. ', 'Windows on the north side open by themselves at dusk [N].'] });
    const first = answerTo(kit, ann, { question: QUESTION, tools: ['SEARCH', 'READ_ITEM'] });
    await eventually('it to be asked again', () => server.asked.length > 1);
    expect(server.asked[0]!.body.tools.map((tool: any) => tool.function.name)).toEqual(['search', 'read_item']);
    await first;
    const [, number] = /passage n=\\"(\d+)\\" from=\\"Ventilation\\"/.exec(told(1).replaceAll('\\\\', '\\'))!;
    expect(told(1)).not.toMatch(/SECRETCODE|of others/);
    server.does(calls('search', { query: 'windows north side dusk' }, ['Let me see. ']), { text: ['The boiler is in the cellar [1]. ', `Windows on the north side open by themselves at dusk [${number}].`] });
    const { told: events, answer } = await answerTo(kit, ann, { question: QUESTION, tools: ['SEARCH', 'READ_ITEM'] });
    expect(answer).toMatchObject({ state: 'COMPLETED', text: 'The boiler is in the cellar [1]. Windows on the north side open by themselves at dusk [2].' });
    expect(answer.citations[1]).toMatchObject({ passage: 'Windows on the north side open by themselves at dusk.' });
    expect(events.filter(({ __typename }) => __typename === 'Step').map(({ name, detail }: any) => [name, detail])).toContainEqual(['tool', 'search: 1 passages']);
    // Both calls are paid for: 42 and 16 tokens of the plan, and 1.2 times the 0.000074 that the model's maker takes.
    expect(answer.usage).toEqual({ inputTokens: 42, outputTokens: 16, cost: { amount: '0.0001524', currency: 'USD' } });
  });

  it('reads on in what it was given, has it summed up, and is told of nothing by a number that it was not given', async () => {
    server.does(calls('read_item', { passage: 1 }), calls('summarise_item', { passage: 1 }), calls('read_item', { passage: 999 }), { text: ['The boiler is in the cellar [1].'] });
    const { answer } = await answerTo(kit, ann, { question: QUESTION, tools: ALL.slice(0, 3) });
    expect(answer.citations.map(({ item }: any) => item.id)).toEqual([boiler]);
    expect(told(1)).toMatch(/passage n=/);
    expect(told(2).length).toBeGreaterThan(told(1).length + 50);
    expect(told(3)).toContain('That could not be understood.');
  });

  it('is told no more than nothing by what whoever asked has lost in between', async () => {
    const shared = await newCollection(kit, bob);
    await knownItem(kit, bob, shared, { title: 'Turbine', body: `The turbine is on the roof.\n\n${'TURBINECODE of the turbine stands here. '.repeat(200)}` });
    await shareWith(kit, bob, shared, ann, 'VIEWER');
    server.does({ ...calls('read_item', { passage: 1 }, Array.from({ length: 12 }, () => 'Well. ')), everyMs: 150 }, { text: ['The turbine is on the roof [1].'] });
    const following = follow(kit, ann, { question: 'Where is the turbine?', collectionIds: [shared], tools: ['READ_ITEM'] });
    await eventually('it to speak', () => textOf(following.got) !== '');
    done(await kit.ask('collections', 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { userErrors { code } } }', { input: { collectionId: shared, userId: ann.userId } }, bob.viewer));
    await following.ended;
    expect(told(1)).toContain('There is nothing more.');
    expect(following.got.at(-1)!.answer).toMatchObject({ text: null });
  });

  it('asks so often and no more: its answer comes all the same', async () => {
    server.does(...Array.from({ length: 4 }, () => calls('search', { query: 'boiler' })), calls('search', { query: 'boiler' }, ['The boiler is in the cellar [1].']));
    const { answer } = await answerTo(kit, ann, { question: QUESTION, tools: ['SEARCH'] });
    expect(answer).toMatchObject({ state: 'COMPLETED', text: 'The boiler is in the cellar [1].' });
    expect(server.asked).toHaveLength(5);
  });

  it('may do nothing that whoever asked did not allow, whatever a document tells it', async () => {
    server.does(calls('draft_item', { title: 'HACKED', body: 'HACKED' }), calls('unheard_of', {}), { text: ['The boiler is in the cellar [1].'] });
    const { answer } = await answerTo(kit, ann, { question: QUESTION, tools: ['SEARCH'], draftsIn: drafts });
    expect(answer.state).toBe('COMPLETED');
    expect(told(2).match(/There is no such tool/g)).toHaveLength(2);
    expect(await itemsIn(drafts)).toEqual([]);
    expect(codeOf(await kit.ask('ai', 'mutation($input: AskInput!) { ask(input: $input) { userErrors { code } } }', { input: { question: QUESTION, tools: ['DRAFT_ITEM'] } }, ann.viewer))).toBe('INVALID_INPUT');
  });
});

describe('an item that a model proposes', () => {
  it('is written when somebody has approved of it, once, as whoever asked, and leads nowhere', async () => {
    const { following, id, answerId } = await waiting('The boiler is in the cellar.\n\n![x](https://evil.example/p.png) See [here](https://evil.example/?q=1).');
    expect(kinds(following.got)).not.toContain('Token');
    expect(await readAnswer(kit, ann, answerId)).toMatchObject({ state: 'AWAITING_APPROVAL', text: null });
    expect(await itemsIn(drafts)).toEqual([]);
    const seen = await approvalOf(id, acme.owner);
    expect(seen).toEqual({ state: 'PENDING', reasons: ['TOOL_WRITES'], drafts: [{ title: 'Boilers', body: expect.stringContaining('The boiler is in the cellar.'), tags: ['heating', 'see ‹link removed›'], edited: false, collectionId: drafts, item: null, error: null }] });
    expect(seen.drafts[0].body).not.toContain('evil');
    const decided = await Promise.all([1, 2, 3].map(() => kit.ask('ai', DECIDE, { input: { id, decision: 'APPROVE' } }, acme.owner.viewer)));
    expect(decided.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
    expect(await following.ended).toBe('left');
    expect(following.got.at(-1)!.answer).toMatchObject({ state: 'COMPLETED', text: 'The boiler is in the cellar [1].' });
    const written = await eventually('it to be written', async () => (await approvalOf(id, acme.owner)).drafts[0].item);
    expect(await itemsIn(drafts)).toEqual([{ id: written.id, title: 'Boilers', body: seen.drafts[0].body, tags: seen.drafts[0].tags, metadata: { draftedBy: answerId }, createdBy: { id: ann.userId } }]);
  });

  it('is written as whoever approved of it left it, which the trail knows without a word of it', async () => {
    const { following, id } = await waiting('The boiler is in the attic.', 'Boilers', 'no list');
    const edit = { index: 0, title: ' The boiler of the house ', body: 'It is in the cellar. ![x](https://evil.example/p.png)', tags: ['house', 'heating', 'house'] };
    const approval = done(await kit.ask('ai', DECIDE, { input: { id, decision: 'APPROVE', drafts: [edit] } }, acme.owner.viewer)).approval;
    const left = { title: 'The boiler of the house', body: 'It is in the cellar.', tags: ['heating', 'house'] };
    expect(approval).toEqual({ id, state: 'APPROVED', edited: true, drafts: [{ ...left, edited: true }] });
    await following.ended;
    expect(following.got.at(-1)!.answer.text).toBe('The boiler is in the cellar [1].');
    const { id: itemId } = await eventually('it to be written', async () => (await approvalOf(id, acme.owner)).drafts[0].item);
    expect((await itemsIn(drafts)).find((item) => item.id === itemId)).toMatchObject({ ...left, createdBy: { id: ann.userId } });
    const told = await kit.eventAbout('ai.approval-decided', id);
    expect(told).toMatchObject({ actor: { kind: 'user', id: acme.owner.userId }, audit: { entityId: id, after: { state: 'APPROVED', edited: true, changed: ['drafts.0.title', 'drafts.0.body', 'drafts.0.tags'] } } });
    expect(JSON.stringify(told)).not.toMatch(/cellar|attic|house/);
  });

  it('is not edited into what no item may be, nor where there is none', async () => {
    const { following, id } = await waiting('The boiler is in the cellar.');
    for (const [edit, field] of [[{ index: 1 }, 'index'], [{ index: -1 }, 'index'], [{ index: 0, title: ' ' }, 'title'], [{ index: 0, title: 'x'.repeat(301) }, 'title'], [{ index: 0, body: '![x](https://evil.example/p.png)' }, 'body'], [{ index: 0, body: 'x'.repeat(20_001) }, 'body'], [{ index: 0, tags: ['a\nb'] }, 'tags'], [{ index: 0, tags: Array.from({ length: 21 }, (_, n) => String(n)) }, 'tags']] as const) {
      expect(dataOf(await kit.ask('ai', DECIDE, { input: { id, decision: 'APPROVE', drafts: [edit] } }, acme.owner.viewer)).decideApproval).toEqual({ approval: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'drafts', '0', field] }] });
    }
    expect(dataOf(await kit.ask('ai', DECIDE, { input: { id, decision: 'APPROVE', drafts: [{ index: 0 }, { index: 0 }] } }, acme.owner.viewer)).decideApproval.userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['input', 'drafts', '1', 'index'] }]);
    // Naming one without changing it is no edit.
    const approval = done(await kit.ask('ai', DECIDE, { input: { id, decision: 'APPROVE', drafts: [{ index: 0, title: 'Boilers' }] } }, acme.owner.viewer)).approval;
    expect(approval).toMatchObject({ edited: false, drafts: [{ title: 'Boilers', edited: false }] });
    await following.ended;
    await eventually('it to be written', async () => (await approvalOf(id, acme.owner)).drafts[0].item);
  });

  it('is not written when nobody approves', async () => {
    const before = await itemsIn(drafts);
    const { following, id } = await waiting('Never.');
    done(await kit.ask('ai', DECIDE, { input: { id, decision: 'REJECT' } }, acme.owner.viewer));
    await following.ended;
    expect(following.got.at(-1)!.answer).toMatchObject({ state: 'REJECTED', text: null });
    expect(await itemsIn(drafts)).toEqual(before);
  });

  it('is not shown to an approver who lacks something that the model was given, nor decided by them', async () => {
    const { following, id } = await waiting('Whatever.');
    done(await kit.ask('ai', 'mutation($input: SetApprovalPolicyInput!) { setApprovalPolicy(input: $input) { userErrors { code } } }', { input: { approverIds: [bob.userId] } }, acme.owner.viewer));
    expect(await approvalOf(id, bob)).toMatchObject({ state: 'PENDING', drafts: null });
    expect(codeOf(await kit.ask('ai', DECIDE, { input: { id, decision: 'APPROVE' } }, bob.viewer))).toBe('FORBIDDEN');
    done(await kit.ask('ai', DECIDE, { input: { id, decision: 'REJECT' } }, acme.owner.viewer));
    await following.ended;
  });

  it('is not written when whoever asked may not write there any more, which is said', async () => {
    const theirs = await newCollection(kit, bob);
    await newItem(kit, bob, theirs, { title: 'x', body: 'y' });
    server.does(calls('draft_item', { title: 'Boilers', body: 'Whatever.' }), { text: ['The boiler is in the cellar [1].'] });
    const following = follow(kit, ann, { question: QUESTION, tools: ALL, draftsIn: theirs });
    const { approval: { id } } = await eventually('it to wait', () => following.got.find(({ __typename }) => __typename === 'ApprovalRequested'));
    done(await kit.ask('ai', DECIDE, { input: { id, decision: 'APPROVE' } }, acme.owner.viewer));
    await following.ended;
    expect(await eventually('it to be refused', async () => (await approvalOf(id, acme.owner)).drafts[0].error)).toEqual({ code: 'NOT_FOUND' });
  });
});
